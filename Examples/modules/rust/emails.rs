mod checker;

#[no_mangle]
pub extern "C" fn check() {
    let users = checker::Rows::open("users");
    let email = users.column("email");
    let mut missing = 0;
    while users.next() {
        if users.is_null(email) {
            missing += 1;
        }
    }
    if missing > 1 {
        checker::fail(&format!("{missing} users have no email, more than one"));
    } else {
        checker::ok("at most one user has no email");
    }
}
