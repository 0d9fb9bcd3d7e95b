import Domain
import Foundation
import TestSupport
import Testing

/// A database that does not cope is asked less often.
@Suite struct RunDelayTests {
  private func next(errors: Int = 0, seconds: Double = 0.1, scheduledIn: Double = 60) -> (at: Double, reason: String?) {
    let next = RunDelay.next(
      scheduled: sampleTime + scheduledIn, finishedAt: sampleTime, seconds: seconds, erroredRuns: errors)
    return (next.at.timeIntervalSince(sampleTime), next.reason)
  }

  @Test(arguments: [(0, 60.0), (1, 60), (2, 60), (3, 60), (4, 120), (5, 240), (8, 1920), (9, 3600), (500, 3600)])
  func pausesDoubleUpToAnHour(_ errors: Int, _ pause: Double) {
    let next = next(errors: errors)
    #expect(next.at == pause)
    #expect((next.reason != nil) == (pause > 60))
  }

  @Test func aSlowRunIsFollowedByARestOfFourTimesItsLength() {
    #expect(next(seconds: 4.9).at == 60)
    #expect(next(seconds: 15).at == 60)
    #expect(next(seconds: 30).at == 120)
    #expect(next(seconds: 30).reason?.contains("30s") == true)
    #expect(next(seconds: 5000).at == 3600)
  }

  @Test func aScheduleThatIsSlowerAnywayStaysAsItIs() {
    let next = next(errors: 4, seconds: 30, scheduledIn: 86_400)
    #expect(next.at == 86_400)
    #expect(next.reason == nil)
  }
}
