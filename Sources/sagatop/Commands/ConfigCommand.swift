import Configuration
import Core
import Glibc
import TUI
import Text

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

  /// Reports the errors of all files together: configuration, preset, theme and keys.
  private func check() throws(ConfigurationError) -> Int32 {
    let resolver = SettingsResolver(overrides: invocation.overrides, environment: Environment.all)
    var (problems, hints): ([String], [String]) = ([], [])
    var settings: Settings?
    do throws(ConfigurationError) { settings = try resolver.resolve() } catch {
      (problems, hints) = (error.problems, error.hints)
    }
    let (themes, keys) = settings.map { (themes: [$0.themeSetting], keys: $0.keys) } ?? resolver.appearance()
    for theme in themes { problems += ThemeChoice.problems(of: theme) }
    var warnings: [String] = []
    do throws(ConfigurationError) { warnings = try KeyChoice(keys).warnings } catch { problems += error.problems }
    guard let settings, problems.isEmpty else { throw ConfigurationError(problems, hints: hints) }
    if !settings.kafka.brokers.isEmpty { _ = try Monitor.kafka(settings) }
    return finish(settings, settings.warnings + settings.literalSecrets + warnings, resolver)
  }

  private func finish(_ settings: Settings, _ warnings: [String], _ resolver: SettingsResolver) -> Int32 {
    for warning in warnings { Output.complain(warning) }
    let files =
      settings.files.isEmpty
      ? "no configuration file (looked for \(resolver.looked)), only flags" : settings.files.joined(separator: ", ")
    let end = warnings.isEmpty ? "ok" : Quantity.counted(warnings.count, "warning")
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
    var problems: [String] = []
    for setting in settings {
      do throws(KeyRemapping.Invalid) { try remapping.bind(setting.name, to: setting.keys) } catch {
        problems.append("\(setting.place): `keys`: \(error.message)")
      }
    }
    do throws(KeyRemapping.Conflicts) { keys = try remapping.applied(to: base) } catch {
      throw ConfigurationError(
        problems
          + error.all.map { conflict in
            let place = settings.first { $0.name == conflict.name }?.place ?? settings[0].place
            return "\(place): `keys`: \(conflict.message)"
          })
    }
    if !problems.isEmpty { throw ConfigurationError(problems) }
    warnings = remapping.warnings.map { name, message in
      "\(settings.first { $0.name == name }?.place ?? ""): `keys`: \(message)"
    }
  }
}
