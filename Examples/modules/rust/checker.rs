//! For checkers in Rust: what a module imports from the checker. docs/wasm-abi.md says what each does.
mod host {
    #[link(wasm_import_module = "checker")]
    extern "C" {
        pub fn ok(ptr: *const u8, len: usize);
        pub fn fail(ptr: *const u8, len: usize);
        pub fn open(ptr: *const u8, len: usize) -> i32;
        pub fn next_row(cursor: i32) -> i32;
        pub fn column(cursor: i32, ptr: *const u8, len: usize) -> i32;
        pub fn is_null(cursor: i32, column: i32) -> i32;
    }
}

pub fn ok(message: &str) {
    unsafe { host::ok(message.as_ptr(), message.len()) }
}

pub fn fail(message: &str) {
    unsafe { host::fail(message.as_ptr(), message.len()) }
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
}
