import Core

/// A table of a report: what `-o table`, `wide`, `csv` and `markdown` print, each in its way.
package struct ReportTable: Sendable {
  /// What stands in a column.
  package enum Kind: Sendable {
    case text, number, milliseconds, perSecond, share, time
  }

  package struct Column: Sendable {
    /// As it stands above the column: `LAST SUCCESS`.
    var title: String
    var kind: Kind
    /// Shown by `-o wide` and `-o csv` only.
    var isWide: Bool

    init(_ title: String, _ kind: Kind = .text, isWide: Bool = false) {
      self.title = title
      self.kind = kind
      self.isWide = isWide
    }

    /// As it is asked for with `--columns` and `--sort`: `last-success`.
    package var name: String { title.lowercased().replacing(" ", with: "-") }

    var isNumber: Bool { kind != .text && kind != .time }

    /// With the unit of the values below: `age_ms`.
    var header: String {
      let name = title.lowercased().replacing(" ", with: "_")
      switch kind {
      case .milliseconds: return name + "_ms"
      case .perSecond: return name + "_per_second"
      case .text, .number, .share, .time: return name
      }
    }
  }

  /// A table without its rows.
  package struct Shape: Sendable {
    package var name: String
    /// `nil` for a table of its own, which is no part of a snapshot.
    package var section: SnapshotSection?
    package var columns: [Column]
    /// Shown by `-o wide` and `-o csv` only, unless it is asked for.
    var isWide = false

    init(_ name: String, of section: SnapshotSection?, isWide: Bool = false, _ columns: [Column]) {
      self.name = name
      self.section = section
      self.columns = columns
      self.isWide = isWide
    }
  }

  package var shape: Shape
  /// As many cells in each as there are columns.
  var rows: [[Cell]]

  init(_ shape: Shape, _ rows: [[Cell]]) {
    self.shape = shape
    self.rows = rows
  }
}
