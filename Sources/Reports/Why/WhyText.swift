import Core
import TUI

/// A diagnosis in sentences, for people. Nothing in it can be taken for a command by a terminal.
package enum WhyText {
  package static func text(_ diagnosis: Diagnosis) -> String {
    var lines = [DiagnosisText.headline(diagnosis)]
    for (place, cause) in diagnosis.causes.enumerated() {
      lines += ["", "\(place + 1). \(cause.sentence)  (\(DiagnosisText.strength(cause)))"]
      if !cause.consequences.isEmpty {
        let links = cause.consequences.map(\.effect) + [DiagnosisText.effect(diagnosis)].compactMap(\.self)
        lines.append("   " + links.map { "→ \($0)" }.joined(separator: " "))
      }
      lines += (cause.evidence + cause.consequences.flatMap(\.evidence)).map {
        "   \(DiagnosisText.evidence($0, now: diagnosis.at))"
      }
      if let suggestion = cause.suggestion { lines.append("   try: \(suggestion)") }
    }
    let isSaid = diagnosis.causes.contains { $0.kind == .nothingFound }
    if !diagnosis.unknown.isEmpty, !isSaid {
      lines += ["", "not known: \(diagnosis.unknown.joined(separator: "; "))"]
    }
    return lines.map { Sanitizer.sanitized($0) }.joined(separator: "\n") + "\n"
  }
}
