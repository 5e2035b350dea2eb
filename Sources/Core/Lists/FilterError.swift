/// A filter that cannot be understood, told to the operator as it stands.
package struct FilterError: Error, Equatable {
  package var message: String
}
