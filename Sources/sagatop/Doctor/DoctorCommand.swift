import Clients
import Collectors
import Configuration
import Core
import Glibc
import Reports
import Text

/// `sagatop doctor`: checks everything that sagatop needs, and prints problems with advice.
struct DoctorCommand {
  private let invocation: Invocation
  private var findings: [Finding] = []

  init(_ invocation: Invocation) {
    self.invocation = invocation
  }

  /// Returns the exit status.
  func run() -> Int32 {
    var doctor = self
    doctor.findings = LocalFindings.libraries + LocalFindings.terminal()
    var code: Int32?
    do throws(ConfigurationError) {
      let resolver = SettingsResolver(overrides: invocation.overrides, environment: Environment.all)
      try doctor.examine(try resolver.resolve())
    } catch {
      doctor.findings += error.problems.map { Finding("configuration", .failed, $0) }
      doctor.findings += error.hints.map { Finding("configuration", .note, $0) }
      code = ExitCode.configuration
    }
    let isPrinted = doctor.printFindings()
    return isPrinted ? code ?? doctor.code : ExitCode.inputOutput
  }

  private mutating func examine(_ settings: Settings) throws(ConfigurationError) {
    // A server may repeat in an error what was sent to it.
    defer { hide(settings.secrets) }
    guard !settings.kafka.brokers.isEmpty else { return try examineSources(settings) }
    let kafka = try Monitor.kafka(settings)
    if let topic = invocation.explainedTopic {
      findings = ExplanationFindings(settings: settings, topic: topic).findings(kafka, timeout: invocation.timeout)
      return
    }
    let timeout = invocation.timeout
    let settings = try SystemInference.settled(settings, atMost: timeout / 2).settings
    try examineSources(settings) {
      KafkaFindings(settings: settings).findings(Self.examination(kafka, timeout: timeout))
    }
  }

  /// `meanwhile` is called while the sources start to read.
  private mutating func examineSources(
    _ settings: Settings, meanwhile: () -> [Finding] = { [] }
  ) throws(ConfigurationError) {
    let watch = try Monitor(settings) {}
    findings += LocalFindings.configuration(settings)
    watch.start()
    defer { watch.stop() }
    let end = SteadyClock.now() + invocation.timeout
    findings += meanwhile()
    let isRead = wait(for: watch.store, until: end)
    findings += SourceFindings(settings: settings, store: watch.store, now: SystemClock.now(), isRead: isRead).all
    // If a broker cannot be reached, a missing response does not indicate missing permissions.
    if findings.contains(where: { $0.advice == SourceFindings.addressAdvice }) {
      for place in findings.indices where findings[place].advice?.contains(KafkaFindings.grants) ?? false {
        findings[place].advice = nil
      }
    }
  }

  private static func examination(_ kafka: KafkaSettings, timeout: Duration) -> Result<KafkaExamination, KafkaError> {
    do throws(KafkaError) {
      return .success(try KafkaExaminer(kafka).examine(timeout: timeout))
    } catch { return .failure(error) }
  }

  private func wait(for store: Store, until end: Timestamp) -> Bool {
    while !store.isComplete {
      guard SteadyClock.now() < end else { return false }
      // Polls every 100 ms: the results come from other threads, and a short delay does not matter here.
      _ = poll(nil, 0, 100)
    }
    return true
  }

  private mutating func hide(_ secrets: Secrets) {
    for place in findings.indices {
      findings[place].text = secrets.mask(findings[place].text)
      findings[place].advice = findings[place].advice.map(secrets.mask)
    }
  }

  private func printFindings() -> Bool {
    let text =
      invocation.format == .json
      ? JSONWriter.write(DoctorReport.json(findings), isPretty: true) + "\n" : DoctorReport.text(findings)
    return Output.write(text, to: STDOUT_FILENO) || errno == EPIPE
  }

  private var code: Int32 {
    switch DoctorReport.worst(findings) {
    case .failed: ExitCode.critical
    case .warning: ExitCode.warning
    case .ok, .note: ExitCode.fine
    }
  }
}
