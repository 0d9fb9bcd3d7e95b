(module
  (import "checker" "ok" (func $ok (param i32 i32)))
  (import "checker" "fail" (func $fail (param i32 i32)))
  (import "checker" "open" (func $open (param i32 i32) (result i32)))
  (import "checker" "next_row" (func $next (param i32) (result i32)))
  (import "checker" "column" (func $column (param i32 i32 i32) (result i32)))
  (import "checker" "is_null" (func $is_null (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "users")
  (data (i32.const 8) "email")
  (data (i32.const 16) "at most one user has no email")
  (data (i32.const 64) "more than one user has no email")
  (func (export "check") (local $users i32) (local $email i32) (local $missing i32)
    (local.set $users (call $open (i32.const 0) (i32.const 5)))
    (local.set $email (call $column (local.get $users) (i32.const 8) (i32.const 5)))
    (block $end
      (loop $rows
        (br_if $end (i32.eqz (call $next (local.get $users))))
        (local.set $missing
          (i32.add (local.get $missing) (call $is_null (local.get $users) (local.get $email))))
        (br $rows)))
    (if (i32.gt_u (local.get $missing) (i32.const 1))
      (then (call $fail (i32.const 64) (i32.const 31)))
      (else (call $ok (i32.const 16) (i32.const 29))))))
