import Configuration
import Core
import Glibc
import TUI

/// `sagatop config`: checks the configuration, or prints the effective one. Sends no requests.
struct ConfigCommand {
  static let words = ["check", "show"]

  let invocation: Invocation

  func run() -> Int32 {
    do throws(ConfigurationError) {
      return invocation.words.first == "check" ? try check() : try show()
    } catch {
      Output.complain("\(error)")
      return ExitCode.configuration
    }
  }

  private func check() throws(ConfigurationError) -> Int32 {
    let resolver = SettingsResolver(overrides: invocation.overrides, environment: Environment.all)
    let settings = try resolver.resolve()
    _ = try ThemeChoice(settings.theme)
    let warnings = settings.warnings + (try KeyChoice(settings.keys).warnings)
    if !settings.kafka.brokers.isEmpty { _ = try Monitor.kafka(settings) }
    for warning in warnings { Output.complain(warning) }
    let files = settings.files.isEmpty ? "no file" : settings.files.joined(separator: ", ")
    let end = warnings.isEmpty ? "ok" : "\(warnings.count) warnings"
    Output.write(Sanitizer.sanitized("\(files): the context \(settings.context): \(end)") + "\n", to: STDOUT_FILENO)
    return warnings.isEmpty ? ExitCode.fine : ExitCode.warning
  }

  private func show() throws(ConfigurationError) -> Int32 {
    let configuration = try EffectiveConfiguration(overrides: invocation.overrides, environment: Environment.all)
    Output.write(configuration.text(hasOrigins: invocation.showsOrigins), to: STDOUT_FILENO)
    return ExitCode.fine
  }
}

/// The key bindings of the screen, with the configured changes.
struct KeyChoice {
  /// `nil` if no binding is changed.
  let keys: KeyMap?
  private(set) var warnings: [String] = []

  init(_ settings: [KeySetting], base: KeyMap = .standard) throws(ConfigurationError) {
    guard !settings.isEmpty else {
      keys = nil
      return
    }
    var remapping = KeyRemapping()
    for setting in settings {
      do throws(KeyRemapping.Invalid) { try remapping.bind(setting.name, to: setting.keys) } catch {
        throw ConfigurationError(["\(setting.place): `keys`: \(error.message)"])
      }
    }
    do throws(KeyRemapping.Invalid) { keys = try remapping.applied(to: base) } catch {
      let place = settings.first { $0.name == error.name }?.place ?? settings[0].place
      throw ConfigurationError(["\(place): `keys`: \(error.message)"])
    }
    warnings = remapping.warnings.map { name, message in
      "\(settings.first { $0.name == name }?.place ?? ""): `keys`: \(message)"
    }
  }
}
