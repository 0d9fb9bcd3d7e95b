//! For checkers in Zig: what a module imports from the checker. docs/wasm-abi.md says what each does.
const host = struct {
    extern "checker" fn ok(ptr: [*]const u8, len: usize) void;
    extern "checker" fn fail(ptr: [*]const u8, len: usize) void;
    extern "checker" fn open(ptr: [*]const u8, len: usize) i32;
    extern "checker" fn next_row(cursor: i32) i32;
    extern "checker" fn column(cursor: i32, ptr: [*]const u8, len: usize) i32;
    extern "checker" fn is_null(cursor: i32, column: i32) i32;
};

pub fn ok(message: []const u8) void {
    host.ok(message.ptr, message.len);
}

pub fn fail(message: []const u8) void {
    host.fail(message.ptr, message.len);
}

pub const Rows = struct {
    cursor: i32,

    pub fn open(dataset: []const u8) Rows {
        return .{ .cursor = host.open(dataset.ptr, dataset.len) };
    }

    pub fn next(self: Rows) bool {
        return host.next_row(self.cursor) != 0;
    }

    pub fn column(self: Rows, name: []const u8) i32 {
        return host.column(self.cursor, name.ptr, name.len);
    }

    pub fn isNull(self: Rows, number: i32) bool {
        return host.is_null(self.cursor, number) != 0;
    }
};
