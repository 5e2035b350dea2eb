import Core
import Testing

@Suite("Shapes of sagas")
struct SagaShapesTests {
  @Test("sagas of different types share a topic, and an event may belong to two of them")
  func sharedTopic() throws {
    let system = try WatchedSystem(
      """
      name: shared
      topics: [events]
      fields: {type: type}
      sagas:
        order:
          ids: {orderId: orderId}
          steps: [place, ship]
          events:
            OrderPlaced: {starts: true, completes: place}
            ParcelSent: {completes: ship, ends: completed}
        parcel:
          ids: {parcelId: parcelId}
          steps: [pack, send]
          events:
            ParcelPacked: {starts: true, completes: pack}
            ParcelSent: {completes: send, ends: completed}
      """)
    system.send(#"{"type":"OrderPlaced","orderId":1}"#)
    system.send(#"{"type":"ParcelPacked","parcelId":"p1"}"#)
    #expect(system.summary("1") == "order running: place completed, ship running")
    #expect(system.summary("p1") == "parcel running: pack completed, send running")
    system.send(#"{"type":"ParcelSent","orderId":1,"parcelId":"p1"}"#)
    #expect(system.summary("1") == "order completed: place completed, ship completed")
    #expect(system.summary("p1") == "parcel completed: pack completed, send completed")
  }

  private func trip() throws -> WatchedSystem {
    try WatchedSystem(
      """
      name: trip
      topics: [events]
      fields: {type: type}
      sagas:
        trip:
          ids: {tripId: tripId}
          steps:
            - {name: flight}
            - {name: hotel, parallel: true}
            - {name: car, parallel: true, optional: true}
            - {name: invoice}
          events:
            Asked: {starts: true}
            FlightBooked: {completes: flight}
            HotelBooked: {completes: hotel}
            CarBooked: {completes: car}
            NoCar: {skips: car}
            Invoiced: {completes: invoice, ends: completed}
      """)
  }

  @Test(
    "parallel steps run concurrently, and the next one starts when all are completed",
    arguments: [
      (["Asked"], "running: flight running, hotel running, car running, invoice pending"),
      (["Asked", "CarBooked"], "running: flight running, hotel running, car completed, invoice pending"),
      (
        ["Asked", "HotelBooked", "CarBooked", "FlightBooked"],
        "running: flight completed, hotel completed, car completed, invoice running"
      ),
      (
        ["Asked", "NoCar", "FlightBooked", "HotelBooked"],
        "running: flight completed, hotel completed, car skipped, invoice running"
      ),
      (
        ["Asked", "FlightBooked", "HotelBooked", "Invoiced"],
        "completed: flight completed, hotel completed, car skipped, invoice completed"
      ),
    ])
  func parallel(_ events: [String], _ summary: String) throws {
    let system = try trip()
    for event in events { system.send(#"{"type":"\#(event)","tripId":"t"}"#) }
    #expect(system.summary("t") == "trip " + summary)
  }
}
