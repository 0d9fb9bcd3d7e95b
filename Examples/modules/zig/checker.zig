//! For checkers in Zig: what a module imports from the checker. docs/wasm-abi.md says what each does.
const host = struct {
    extern "checker" fn ok(ptr: [*]const u8, len: usize) void;
    extern "checker" fn fail(ptr: [*]const u8, len: usize) void;
    extern "checker" fn open(ptr: [*]const u8, len: usize) i32;
    extern "checker" fn next_row(cursor: i32) i32;
    extern "checker" fn column(cursor: i32, ptr: [*]const u8, len: usize) i32;
    extern "checker" fn is_null(cursor: i32, column: i32) i32;
    extern "checker" fn get_i64(cursor: i32, column: i32) i64;
    extern "checker" fn get_f64(cursor: i32, column: i32) f64;
    extern "checker" fn get_text(cursor: i32, column: i32, buffer: [*]u8, capacity: usize) i32;
    extern "checker" fn log(ptr: [*]const u8, len: usize) void;
    extern "checker" fn metric(ptr: [*]const u8, len: usize, expression: [*]const u8, expression_len: usize) f64;
    extern "checker" fn assert_rows_less_than(ptr: [*]const u8, len: usize, limit: i64, message: [*]const u8, message_len: usize) i32;
};

pub fn ok(message: []const u8) void {
    host.ok(message.ptr, message.len);
}

pub fn fail(message: []const u8) void {
    host.fail(message.ptr, message.len);
}

/// A line in the run's log.
pub fn log(line: []const u8) void {
    host.log(line.ptr, line.len);
}

/// An aggregate, computed by the database; NaN for NULL.
pub fn metric(dataset: []const u8, expression: []const u8) f64 {
    return host.metric(dataset.ptr, dataset.len, expression.ptr, expression.len);
}

/// Counted by the database: no row comes over. Returns whether it holds.
pub fn assertRowsLessThan(dataset: []const u8, limit: i64, message: []const u8) bool {
    return host.assert_rows_less_than(dataset.ptr, dataset.len, limit, message.ptr, message.len) != 0;
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

    /// 0 for NULL; what is no number ends the run.
    pub fn integer(self: Rows, number: i32) i64 {
        return host.get_i64(self.cursor, number);
    }

    /// NaN for NULL; what is no number ends the run.
    pub fn double(self: Rows, number: i32) f64 {
        return host.get_f64(self.cursor, number);
    }

    /// As the database writes it; null for NULL, and for what does not fit into `buffer`.
    pub fn text(self: Rows, number: i32, buffer: []u8) ?[]const u8 {
        const size = host.get_text(self.cursor, number, buffer.ptr, buffer.len);
        if (size < 0 or size > buffer.len) return null;
        return buffer[0..@intCast(size)];
    }
};
