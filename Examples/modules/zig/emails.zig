const checker = @import("checker.zig");

export fn check() void {
    const users = checker.Rows.open("users");
    const email = users.column("email");
    var missing: u32 = 0;
    while (users.next()) {
        if (users.isNull(email)) missing += 1;
    }
    if (missing > 1) checker.fail("more than one user has no email") else checker.ok("at most one user has no email");
}
