import Configuration
import TUI

/// The available themes and the selected one.
struct ThemeChoice {
  private let themes: [Theme]
  let current: Theme

  /// A shipped theme by name, or the path of a theme file.
  init(_ setting: ThemeSetting) throws(ConfigurationError) {
    let name = setting.name
    let chosen = try ThemeFile.load(setting)
    var themes: [Theme] = []
    for shipped in ThemeFile.names { themes.append(try Self.theme(ThemeFile.load(ThemeSetting(shipped)))) }
    if !ThemeFile.names.contains(name) { themes.append(try Self.theme(chosen)) }
    self.themes = themes
    current = themes.first { $0.name == chosen.name } ?? themes[0]
  }

  var names: [String] { themes.map(\.name) }

  func theme(named name: String) -> Theme { themes.first { $0.name == name } ?? current }

  /// All errors of a theme. Empty if it is valid.
  static func problems(of setting: ThemeSetting) -> [String] {
    do throws(ConfigurationError) {
      let file = try ThemeFile.load(setting)
      return file.roles.flatMap { role -> [String] in
        var part = file
        part.roles = [role]
        do throws(ConfigurationError) { _ = try theme(part) } catch { return error.problems }
        return []
      }
    } catch { return error.problems }
  }

  private static func theme(_ file: ThemeFile) throws(ConfigurationError) -> Theme {
    do throws(Theme.Invalid) {
      return try Theme(
        name: file.name, entries: file.roles.map { Theme.Entry(role: $0.name, attributes: $0.attributes) })
    } catch {
      let place = file.roles.first { $0.name == error.role }?.place ?? "theme \(file.name)"
      throw ConfigurationError(["\(place): \(error.message)"])
    }
  }
}
