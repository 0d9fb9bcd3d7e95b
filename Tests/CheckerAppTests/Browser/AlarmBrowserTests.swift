import Foundation
import TestSupport
import Testing

extension BrowserTests {
  private static let notifications = """
    window.told = [];
    window.Notification = function (title, more) { window.told.push(title + ': ' + more.body); };
    window.Notification.permission = 'granted';
    window.Notification.requestPermission = function () { return Promise.resolve('granted'); };
    """

  private static let newRed = """
    const json = {'Content-Type': 'application/json'}, checker = {namespace: 'accounts', name: 'too-many',
      rules: [{check: 'row_count', dataset: 'users', must_be_less_than: 1, message: 'too many users'}]};
    fetch('/api/v1/checkers', {method: 'POST', headers: json, body: JSON.stringify(checker)})
      .then(() => fetch('/api/v1/checkers/accounts/too-many/run', {method: 'POST'}));
    """

  @Test("Alarms are walked through, acknowledged and snoozed with the keyboard")
  func keyboard() async throws {
    let (service, folder) = try await demo()
    let browser = try await Browser()
    try await browser.resize(width: 1440, height: 1000)
    try await browser.open(service.site.address + "/alarms")
    let first = try await browser.text(".alarm a.strong")
    try await browser.press("j")
    #expect(try await browser.text(".alarm.cursor a.strong") == first)
    try await browser.press("j")
    let second = try await browser.text(".alarm.cursor a.strong")
    #expect(second != first && !second.isEmpty)
    try await browser.press("a")
    #expect(try await browser.value("document.activeElement.value") == "open", "the first length has the focus")
    try await browser.screenshot("acknowledge-desktop-light")
    try await browser.press("\u{E007}")
    try await wait(until: "the acknowledgement") { try await browser.text("main").contains("looks after it") }
    #expect(try await browser.text("main").contains("\(second): acknowledged."))
    #expect(try await browser.text(".alarm.cursor a.strong") == second, "the cursor stays")
    try await browser.press("a")
    #expect(try await browser.text(".alarm.cursor").contains("looks after it"), "a key undoes nothing unasked")
    try await browser.press("u")
    try await wait(until: "the end of it") { try await browser.text("main").contains("not acknowledged any more") }
    #expect(try await browser.text(".alarm.cursor a.strong") == second)
    try await browser.press("s")
    try await browser.press("\u{E007}")
    try await wait(until: "the snooze") { try await browser.text("main").contains("\(second): Muted until") }
    #expect(try await !browser.text(".alarm.cursor a.strong").isEmpty, "it goes on to the next")
    let complaints = try await browser.complaints()
    #expect(complaints == [])
    try await browser.close()
    #expect(try await service.stop() == 0)
    withExtendedLifetime(folder) {}
  }

  @Test("An open page notifies of a new alarm once somebody asked for it")
  func notification() async throws {
    let (service, folder) = try await demo()
    let browser = try await Browser()
    try await browser.open(service.site.address + "/on-call")
    try await browser.run(Self.notifications)
    try await browser.click("[data-act=notify]")
    try await wait(until: "the button") { try await browser.text("[data-act=notify]") == "Notifying you here" }
    try await browser.run(Self.newRed)
    try await wait(until: "the notification", seconds: 60) { try await browser.value("told.length") == "1" }
    #expect(try await browser.value("told[0]").hasPrefix("accounts/too-many is red: too many users"))
    try await wait(until: "the row") { try await browser.text("#alarms").contains("too-many") }
    try await browser.click("[data-act=notify]")
    try await wait(until: "the button") { try await browser.text("[data-act=notify]") == "Notify me here" }
    let complaints = try await browser.complaints()
    #expect(complaints == [])
    try await browser.close()
    #expect(try await service.stop() == 0)
    withExtendedLifetime(folder) {}
  }

  @Test("A runbook with long code in a list is no wider than a phone")
  func runbookOnAPhone() async throws {
    let (service, folder) = try await demo()
    let browser = try await Browser()
    try await browser.resize(width: 390, height: 844)
    try await browser.open(service.site.address + "/checkers")
    try await browser.run(
      """
      window.made = 0;
      const code = 'SELECT ' + 'a_long_column_name, '.repeat(20) + '1';
      fetch('/api/v1/checkers', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(
        {namespace: 'accounts', name: 'phone', rules: [{check: 'row_count', dataset: 'users', must_be_less_than: 1}],
          runbook: '1. Look:\\n\\n   ```\\n   ' + code + '\\n   ```\\n- `' + 'x'.repeat(300) + '`'})})
        .then(a => window.made = a.status);
      """)
    try await wait(until: "the checker") { try await browser.value("window.made") == "201" }
    try await browser.open(service.site.address + "/checkers/accounts/phone")
    #expect(try await browser.text("#runbook").contains("a_long_column_name"))
    #expect(try await browser.value("document.documentElement.scrollWidth - innerWidth") == "0")
    try await browser.screenshot("runbook-phone-light")
    let complaints = try await browser.complaints()
    #expect(complaints == [])
    try await browser.close()
    #expect(try await service.stop() == 0)
    withExtendedLifetime(folder) {}
  }

  @Test("Enter in the question where an alarm would go saves no routing; an earlier one is looked at and restored")
  func routing() async throws {
    let (service, folder) = try await demo()
    let browser = try await Browser()
    try await browser.resize(width: 1440, height: 1000)
    try await browser.open(service.site.address + "/actions")
    try await browser.run(
      """
      window.made = 0;
      fetch('/api/v1/actions', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(
        {name: 'hook', channel: 'webhook', settings: {url: 'http://127.0.0.1:1/'}})}).then(a => window.made = a.status);
      """)
    try await wait(until: "the action") { try await browser.value("window.made") == "201" }
    func write(_ text: String) async throws {
      try await browser.open(service.site.address + "/routing")
      try await browser.run("document.querySelector('.CodeMirror').CodeMirror.setValue(\"\(text)\")")
    }
    let texts = ["severity=critical", "severity=warning"].map { "routes:\\n  - match: \($0)\\n    actions: [hook]" }
    for text in texts {
      try await write(text)
      try await browser.click("form.cols .btn.primary")
      try await wait(until: "the notice") { try await browser.text("main").contains("The routing is saved.") }
    }
    try await write("routes: []")
    try await browser.type("accounts/emails-present", into: "#f-checker")
    try await browser.press("\u{E007}")
    try await wait(until: "the answer") { try await browser.text("#routes").contains("accounts/emails-present") }
    #expect(try await browser.value("location.pathname") == "/routing")
    try await browser.open(service.site.address + "/routing/versions?version=1")
    #expect(try await browser.text("main pre").contains("severity=critical"))
    #expect(try await browser.value("document.querySelectorAll('.vers a').length") == "2", "nothing was saved")
    try await browser.screenshot("routing-versions-desktop-light")
    try await browser.click(".head .btn.primary")
    try await wait(until: "the third version") {
      try await browser.value("document.querySelectorAll('.vers a').length") == "3"
    }
    try await browser.open(service.site.address + "/routing")
    #expect(try await browser.text("#routes").contains("severity=critical"))
    let complaints = try await browser.complaints()
    #expect(complaints == [])
    try await browser.close()
    #expect(try await service.stop() == 0)
    withExtendedLifetime(folder) {}
  }

  @Test("Silences, routes and templates show what they mean while they are typed; a runbook's query runs in place")
  func previews() async throws {
    let (service, folder) = try await demo()
    let browser = try await Browser()
    try await browser.resize(width: 1440, height: 1000)
    try await browser.open(service.site.address + "/silences/new")
    try await browser.type("accounts", into: "#f-namespace")
    try await wait(until: "what it fits") { try await browser.text("#silence-preview").contains("It fits") }
    try await browser.open(service.site.address + "/routing?checker=accounts/emails-present")
    let text = "routes:\\n  - match: severity=info\\n    actions: [nobody]"
    try await browser.run("document.querySelector('.CodeMirror').CodeMirror.setValue(\"\(text)\")")
    try await wait(until: "the verdict") {
      try await browser.text("#routes").contains("severity=info does not hold")
    }
    #expect(try await browser.text("#routes").contains("There is no action 'nobody'."))
    try await browser.open(service.site.address + "/actions/new?channel=slack")
    try await browser.run("document.querySelector('#f-s-template').value = ''")
    try await browser.type("now: {{checker}}", into: "#f-s-template")
    try await wait(until: "the words") { try await browser.text("#template-previews").contains("now: shop/emails") }
    try await browser.open(service.site.address + "/checkers/accounts/emails-present")
    try await browser.click(".cell button")
    try await wait(until: "the rows") { try await browser.text(".cell-result").contains("57 rows") }
    try await wait(until: "the history") { try await browser.text("#history").contains("ran a query of the runbook") }
    try await browser.screenshot("runbook-query-desktop-light")
    #expect(try await browser.text(".cell-result").contains("57 rows"), "it stays while the page follows")
    let complaints = try await browser.complaints()
    #expect(complaints == [])
    try await browser.close()
    #expect(try await service.stop() == 0)
    withExtendedLifetime(folder) {}
  }
}
