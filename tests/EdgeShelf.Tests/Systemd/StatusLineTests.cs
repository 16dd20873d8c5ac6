using EdgeShelf.Shelf;
using EdgeShelf.Systemd;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Systemd;

public sealed class StatusLineTests
{
    readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 25, 8, 30, 0, TimeSpan.FromHours(2)));

    [Fact]
    public void BeforeAnythingHappenedItSaysSo() =>
        Assert.Equal("no picture yet; broker not reached yet; no result yet", StatusLine.Of(new ShelfStatus(_clock).Now));

    [Fact]
    public void TroubleIsNamedWithItsBeginningInUtc()
    {
        ShelfStatus status = new(_clock);
        status.CaptureFailed(DevicePart.Camera, "camera-failed", "no cameras available");
        _clock.Advance(TimeSpan.FromMinutes(5));
        status.CaptureFailed(DevicePart.Camera, "camera-failed", "no cameras available");
        status.BrokerLost("connection refused");

        Assert.Equal(
            "camera fails since 06:30:00Z (camera-failed: no cameras available); broker away since 06:35:00Z (connection refused); no result yet",
            StatusLine.Of(status.Now));
    }

    [Fact]
    public void APictureThatCannotBeUsedNamesNoProduct()
    {
        ShelfStatus status = new(_clock);
        ShelfResult black = SomeResult.Of();
        status.ResultCommitted(SomeResult.Committed(black with { Slots = [black.Slots[0] with { NeedsReview = true, ReviewReason = SlotResult.UnusableImage }] }));

        Assert.Contains("last #41 the picture cannot be used at", StatusLine.Of(status.Now), StringComparison.Ordinal);
    }
}
