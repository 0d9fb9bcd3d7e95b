/// The demo's checkers, as a user would write them: one check file per namespace.
package enum DemoFile {
  /// The files with `uri` as the place of the shop's database.
  package static func texts(databasePath uri: String) -> [String] {
    let source = """
      version: 1
      data_sources:
        - name: shop
          driver: sqlite
          uri: "\(uri)"
          description: The demo shop, sixty days of it.

      """
    return [source, accounts, payments, fulfilment]
  }

  private static let accounts = """
    version: 1
    namespace: accounts
    datasets:
      - name: users
        data_source: shop
        description: Everybody who ever signed up.
        sql: SELECT * FROM users
      - name: users_with_email_null
        data_source: shop
        description: People whom we cannot write to.
        sql: SELECT id, username, country, created_at FROM users WHERE email IS NULL
      - name: emails_by_country
        data_source: shop
        description: How many people there are in each country, and how many whom we cannot write to.
        sql: |
          SELECT country, count(*) AS people, count(*) - count(email) AS without_email
          FROM users
          GROUP BY country
    checkers:
      - name: emails-present
        description: We can write to nearly everybody.
        schedule: every 5 minutes
        severity: critical
        owner: Sign-up team
        tags: [people, gdpr]
        runbook: |
          Without an address we cannot send **receipts**.

          1. Look at the newest failing rows: which country, which form?
          2. If one form is at fault, ask the sign-up team to switch it off.
          3. Write to those who can be reached by phone:

          ```sql
          SELECT username FROM users WHERE email IS NULL
          ```
        rules:
          - check: row_count
            dataset: users_with_email_null
            must_be_less_than: 42
            message: There should be less than 42 users in that state
          - check: missing
            dataset: users
            column: email
            percent: true
            must_be_less_than: 5
            level: warn
            keys: [id, username, created_at]
      - name: emails-by-country
        description: No country has eight people whom we cannot write to.
        schedule: every 10 minutes
        severity: info
        owner: Sign-up team
        tags: [people]
        alarm: {per_row: [country], repeat_every: 1d}
        rules:
          - check: condition
            dataset: emails_by_country
            condition: without_email < 8
            keys: [country, people, without_email]
            message: Eight people or more have no address
      - name: usernames-unique
        description: No two people share a name.
        schedule: every 15 minutes
        owner: Sign-up team
        tags: [people]
        rules:
          - check: unique
            dataset: users
            column: username
          - check: pattern
            dataset: users
            column: username
            pattern: "^[a-z0-9.]+$"
      - name: email-format
        description: Addresses look like addresses.
        schedule: "*/30 * * * *"
        severity: info
        owner: Sign-up team
        tags: [people]
        rules:
          - check: pattern
            dataset: users
            column: email
            pattern: "^[^@ ]+@[^@ ]+[.][a-z]+$"
            percent: true
            must_be_less_than: 0.5
            keys: [id, email]
      - name: newcomers-reachable
        description: A script, where the form ends. On a day off, more people may wait for somebody to write to them.
        schedule: every 15 minutes
        severity: info
        owner: Sign-up team
        tags: [people]
        script:
          language: python
          source: |
            def most():
                return 80 if business_day() else 120

            CheckerCase().assertLessThan(
                datasets['users_with_email_null'], most(), f'There should be less than {most()} users in that state')

            countries = [row.country for row in datasets['users_with_email_null']]
            log('most of them:', max(set(countries), key=countries.count))
      - name: sign-ups-arrive
        description: Somebody signed up in the last two days.
        schedule: every hour
        owner: Sign-up team
        rules:
          - check: freshness
            dataset: users
            column: created_at
            unit: hour
            must_be_less_than: 48
          - check: row_count
            dataset: users
            must_be_greater_than: 1000

    """

  private static let payments = """
    version: 1
    namespace: payments
    datasets:
      - name: payments
        data_source: shop
        sql: SELECT * FROM payments
      - name: payments_last_week
        data_source: shop
        sql: |
          SELECT amount, currency, method, created_at
          FROM payments
          WHERE created_at >= datetime('now', '-7 days')
      - name: payments_without_order
        data_source: shop
        description: Money that belongs to no order.
        sql: |
          SELECT p.id, p.order_id, p.amount
          FROM payments p LEFT JOIN orders o ON o.id = p.order_id
          WHERE o.id IS NULL
    checkers:
      - name: amounts-above-zero
        description: A payment brings money in.
        schedule: every 5 minutes
        severity: critical
        owner: Payments
        tags: [money]
        runbook: |
          Refunds belong in `refunds`. Ask the payments team who booked these, then reverse them.
        rules:
          - check: range
            dataset: payments
            column: amount
            min: 0.01
            keys: [id, order_id, amount, currency]
            message: Payments must be above zero
          - check: missing
            dataset: payments
            column: method
      - name: currency-codes-known
        description: Every currency is one that we settle.
        schedule: every 15 minutes
        owner: Payments
        tags: [money]
        rules:
          - check: accepted_values
            dataset: payments
            column: currency
            values: [EUR, GBP, SEK]
          - check: accepted_values
            dataset: payments
            column: method
            values: [card, transfer, wallet]
      - name: payments-arrive
        description: Money came in during the last two days.
        schedule: every 10 minutes
        severity: critical
        owner: Payments
        tags: [money]
        rules:
          - check: freshness
            dataset: payments
            column: created_at
            unit: hour
            must_be_less_than: 48
      - name: methods-in-use
        description: A script in JavaScript. No way to pay has fallen out of use.
        schedule: every hour
        owner: Payments
        tags: [money]
        script:
          language: javascript
          source: |
            const used = new Set(datasets.payments_last_week.map(payment => payment.method));
            for (const method of ['card', 'transfer', 'wallet']) {
              new CheckerCase().assertTrue(used.has(method), `Somebody paid by ${method} this week`);
            }
      - name: payments-have-orders
        description: Every payment belongs to an order.
        schedule: every hour
        owner: Payments
        tags: [money]
        rules:
          - check: no_rows
            dataset: payments_without_order
      - name: weekly-revenue
        description: Revenue is in its usual range.
        schedule: "0 * * * *"
        timezone: Europe/Lisbon
        severity: info
        owner: Finance
        tags: [money]
        rules:
          - check: metric
            dataset: payments_last_week
            expression: avg(amount)
            must_be_between: [150, 260]
            name: Mean payment of the week
          - check: metric
            dataset: payments_last_week
            expression: sum(amount)
            must_be_greater_than: 100000
            on_empty: fail
            name: Revenue of the week

    """

  private static let fulfilment = """
    version: 1
    namespace: fulfilment
    datasets:
      - name: orders
        data_source: shop
        sql: SELECT * FROM orders
      - name: paid_unshipped_orders
        data_source: shop
        description: Paid more than a day ago and still in the house.
        sql: |
          SELECT id, user_id, amount, currency, paid_at, shipped_at
          FROM orders
          WHERE paid_at < datetime('now', '-1 day') AND shipped_at IS NULL AND status <> 'cancelled'
          ORDER BY paid_at
      - name: warehouse_stock
        data_source: shop
        description: Was dropped with the old warehouse.
        sql: SELECT sku, on_hand FROM warehouse_stock
    checkers:
      - name: paid-orders-shipped
        description: Every order that is paid ships within 24 hours.
        schedule: every 5 minutes
        severity: critical
        owner: Fulfilment
        tags: [orders]
        runbook: |
          Paid orders that do not ship cost us refunds after 48 hours.

          1. Open the carrier's status page.
          2. If the carrier is down, mute until it is back and tell support.
          3. If it is up, restart the label worker.
        rules:
          - check: no_rows
            dataset: paid_unshipped_orders
            keys: [id, paid_at, amount, currency, shipped_at]
            message: Paid orders must ship within 24 h
      - name: order-status-known
        description: An order is in one of the states that we know.
        schedule: every 15 minutes
        owner: Fulfilment
        tags: [orders]
        rules:
          - check: accepted_values
            dataset: orders
            column: status
            values: [paid, shipped, delivered, cancelled]
            level: warn
            keys: [id, status, created_at]
      - name: orders-complete
        description: Orders are whole.
        schedule: every 10 minutes
        owner: Fulfilment
        tags: [orders]
        rules:
          - check: unique
            dataset: orders
            column: id
          - check: missing
            dataset: orders
            column: user_id
          - check: condition
            dataset: orders
            condition: shipped_at >= paid_at
            where: shipped_at IS NOT NULL
            name: Nothing ships before it is paid
      - name: stock-not-negative
        description: There is no less than nothing on a shelf.
        schedule: every 30 minutes
        severity: critical
        owner: Warehouse
        rules:
          - check: range
            dataset: warehouse_stock
            column: on_hand
            min: 0

    """
}
