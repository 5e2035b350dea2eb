import Core
import Testing

@testable import TUI

@Suite("Golden screens")
struct GoldenTests {
  @Test("every screen equals its recording, at every size, in Unicode and ASCII", arguments: Scene.all)
  func screen(scene: Scene) {
    var text = ""
    for size in scene.sizes {
      for glyphs in size.columns < 200 ? [Glyphs.unicode, .ascii] : [.unicode] {
        let hasRoles = size == scene.sizes[0] && glyphs == .unicode
        text += Golden.picture(scene.frame(size: size, glyphs: glyphs), hasRoles: hasRoles) + "\n"
      }
    }
    Golden.check(text, scene.name)
  }

  @Test("every view is recorded at four sizes", arguments: Views.all.map { $0.id })
  func views(view: ViewID) {
    let scenes = Scene.all.filter { $0.sizes.count >= 4 }
    #expect(scenes.contains { $0.app(size: $0.sizes[0]).view == view })
  }

  @Test("screen names are unique")
  func names() {
    #expect(Set(Scene.all.map(\.name)).count == Scene.all.count)
  }
}
