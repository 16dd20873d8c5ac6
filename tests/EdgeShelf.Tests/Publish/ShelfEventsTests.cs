using System.Text;
using System.Text.Json;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Publish;

public sealed class ShelfEventsTests : IDisposable
{
    readonly OutboxInFolder _some = new();
    readonly BayStatus _bay;
    readonly ShelfEvents _events;

    public ShelfEventsTests()
    {
        _bay = new BayStatus(_some.Clock);
        _events = new ShelfEvents(_some.Outbox, _bay, new EvidenceQueue(), Microsoft.Extensions.Options.Options.Create(_some.Options), new StageProgress(_some.Clock));
    }

    public void Dispose() => _some.Dispose();

    [Fact]
    public void AChangeOfASlotIsAnEventThatNamesTheSlotTheProductAndTheResultThatConfirmedIt()
    {
        BayState bay = SomeBay.Of(3, ("1-02", Verdict.Empty));
        SlotChange change = bay.ChangeOf("1-02", Verdict.Match);
        _bay.Set(bay, [change]);
        CommittedResult result = _some.AppendResult();

        _events.Report(change, result);

        JsonElement told = Told("slot-changed");
        Assert.Equal("Slot 1-02 changed from match to empty, expected Tall kitchen bags.", told.GetProperty("message").GetString());
        Assert.Equal(
            """{"slot":"1-02","shelf":1,"position":2,"from":"match","to":"empty","expected":{"label":"tall-kitchen-bags","name":"Tall kitchen bags","sku":"0012"},"seen":null,"since":"2026-11-25T08:00:00.000Z","before_s":5400,"result":"shelf-07-1"}""",
            told.GetProperty("data").GetRawText());
    }

    [Fact]
    public void AFirstVerdictWithoutAnExpectedProductHasNeitherProductNorDuration()
    {
        _events.Report(new SlotChange("9-99", Verdict.Unchecked, Verdict.Unknown, null, null, SomeBay.Since, null), _some.AppendResult());

        JsonElement told = Told("slot-changed");
        Assert.Equal("Slot 9-99 changed from unchecked to unknown.", told.GetProperty("message").GetString());
        Assert.All(["shelf", "position", "expected", "seen", "before_s"], field => Assert.Equal(JsonValueKind.Null, told.GetProperty("data").GetProperty(field).ValueKind));
    }

    [Fact]
    public void ChangesOfPlanogramAndSlotsSayWhatIsInForceAndWhoDidIt()
    {
        _events.PlanogramChanged(new PlanogramId("bay-4", "13"), new PlanogramId("bay-4", "12"), "request");
        Assert.Equal(
            """{"planogram":{"name":"bay-4","version":"13"},"from":{"name":"bay-4","version":"12"},"by":"request"}""", Told("planogram-changed").GetProperty("data").GetRawText());

        _events.PlanogramChanged(null, new PlanogramId("bay-4", "13"), "page");
        Assert.Equal("There is no planogram any more.", Told("planogram-changed").GetProperty("message").GetString());

        _events.SlotsChanged(new SlotMap(7, [new Slot("1-01", 1, new Region(0, 0, 0.1, 0.1))], null), "verb");
        Assert.Equal("""{"version":7,"slots":1,"by":"verb"}""", Told("slots-changed").GetProperty("data").GetRawText());
    }

    [Fact]
    public void AMovedCameraIsReportedAndSoIsItsEnd()
    {
        _events.CameraMoved(SomeBay.Since, "The picture is turned by 4 degrees.");
        Assert.Equal("""{"since":"2026-11-25T08:00:00.000Z","reason":"The picture is turned by 4 degrees."}""", Told("camera-moved").GetProperty("data").GetRawText());

        _events.CameraSettled(SomeBay.Since.AddMinutes(2), TimeSpan.FromMinutes(2));
        Assert.Equal("""{"since":"2026-11-25T08:02:00.000Z","moved_for_s":120}""", Told("camera-settled").GetProperty("data").GetRawText());
    }

    [Fact]
    public void AProductThatWasTaughtIsReportedWithWhatTheBackendKnowsItBy()
    {
        _events.ProductTaught(new ProductTaught("<b>mj\u00f6lk</b>", "Mj\u00f6lk", "0012", null, 2, 5, ["1-01", "1-02"], "request"));

        JsonElement told = Told("product-taught");
        Assert.Equal("Mj\u00f6lk was taught with 2 examples; it has 5.", told.GetProperty("message").GetString());
        Assert.Equal(("<b>mj\u00f6lk</b>", "0012", 5), (told.GetProperty("data").GetProperty("label").GetString(), told.GetProperty("data").GetProperty("sku").GetString(), told.GetProperty("data").GetProperty("examples").GetInt32()));

        _events.ExamplesLost("The examples were damaged and are kept as examples-damaged-1.db.");
        Told("examples-lost");
    }

    /// <summary>The only event that waits; it holds to its schema.</summary>
    JsonElement Told(string type)
    {
        OutboxMessage message = Assert.Single(_some.Drain(), message => message.Topic == OutboxTopics.Event);
        string json = Encoding.UTF8.GetString(message.Payload);
        Schemas.AssertValid("event", json);
        JsonElement told = JsonDocument.Parse(json).RootElement;
        Assert.Equal(type, told.GetProperty("type").GetString());
        return told;
    }
}
