//! For checkers in Rust: what a module imports from the checker. docs/wasm-abi.md says what each does.
#![allow(dead_code)] // A checker rarely needs all of it.
mod host {
    #[link(wasm_import_module = "checker")]
    extern "C" {
        pub fn ok(ptr: *const u8, len: usize);
        pub fn fail(ptr: *const u8, len: usize);
        pub fn open(ptr: *const u8, len: usize) -> i32;
        pub fn next_row(cursor: i32) -> i32;
        pub fn column(cursor: i32, ptr: *const u8, len: usize) -> i32;
        pub fn is_null(cursor: i32, column: i32) -> i32;
        pub fn get_i64(cursor: i32, column: i32) -> i64;
        pub fn get_f64(cursor: i32, column: i32) -> f64;
        pub fn get_text(cursor: i32, column: i32, buffer: *mut u8, capacity: usize) -> i32;
        pub fn log(ptr: *const u8, len: usize);
        pub fn metric(ptr: *const u8, len: usize, expression: *const u8, expression_len: usize) -> f64;
        pub fn assert_rows_less_than(
            ptr: *const u8, len: usize, limit: i64, message: *const u8, message_len: usize,
        ) -> i32;
    }
}

pub fn ok(message: &str) {
    unsafe { host::ok(message.as_ptr(), message.len()) }
}

pub fn fail(message: &str) {
    unsafe { host::fail(message.as_ptr(), message.len()) }
}

/// A line in the run's log.
pub fn log(line: &str) {
    unsafe { host::log(line.as_ptr(), line.len()) }
}

/// An aggregate, computed by the database; NaN for NULL.
pub fn metric(dataset: &str, expression: &str) -> f64 {
    unsafe { host::metric(dataset.as_ptr(), dataset.len(), expression.as_ptr(), expression.len()) }
}

/// Counted by the database: no row comes over. Returns whether it holds.
pub fn assert_rows_less_than(dataset: &str, limit: i64, message: &str) -> bool {
    unsafe {
        host::assert_rows_less_than(dataset.as_ptr(), dataset.len(), limit, message.as_ptr(), message.len()) != 0
    }
}

pub struct Rows(i32);

impl Rows {
    pub fn open(dataset: &str) -> Rows {
        Rows(unsafe { host::open(dataset.as_ptr(), dataset.len()) })
    }

    pub fn next(&self) -> bool {
        unsafe { host::next_row(self.0) != 0 }
    }

    pub fn column(&self, name: &str) -> i32 {
        unsafe { host::column(self.0, name.as_ptr(), name.len()) }
    }

    pub fn is_null(&self, column: i32) -> bool {
        unsafe { host::is_null(self.0, column) != 0 }
    }

    /// 0 for NULL; what is no number ends the run.
    pub fn integer(&self, column: i32) -> i64 {
        unsafe { host::get_i64(self.0, column) }
    }

    /// NaN for NULL; what is no number ends the run.
    pub fn double(&self, column: i32) -> f64 {
        unsafe { host::get_f64(self.0, column) }
    }

    /// As the database writes it; `None` for NULL.
    pub fn text(&self, column: i32) -> Option<String> {
        let size = unsafe { host::get_text(self.0, column, core::ptr::null_mut(), 0) };
        if size < 0 {
            return None;
        }
        let mut bytes = vec![0; size as usize];
        unsafe { host::get_text(self.0, column, bytes.as_mut_ptr(), bytes.len()) };
        String::from_utf8(bytes).ok()
    }
}
