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
    try await browser.press("s")
    try await browser.press("\u{E007}")
    try await wait(until: "the snooze") { try await browser.text("main").contains("\(first): Muted until") }
    #expect(try await browser.complaints().isEmpty)
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
    #expect(try await browser.complaints().isEmpty)
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
    #expect(try await browser.complaints().isEmpty)
    try await browser.close()
    #expect(try await service.stop() == 0)
    withExtendedLifetime(folder) {}
  }
}
