using EdgeShelf.Capture.Gpio;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture.Gpio;

public sealed class LedStateTests
{
    [Theory]
    [InlineData(3, null, LedState.Review)]
    [InlineData(0, null, LedState.Ready)]
    // Answered already: the same picture does not blink again.
    [InlineData(0, ReviewRule.UnknownProduct, LedState.Ready)]
    // The queue takes no picture on which nothing can be seen, and a person must look at the camera.
    [InlineData(0, ReviewRule.UnusableImage, LedState.Review)]
    // Without a queue the last picture decides.
    [InlineData(null, ReviewRule.UnknownProduct, LedState.Review)]
    [InlineData(null, null, LedState.Ready)]
    public void WhatWaitsBlinksUntilItIsAnswered(int? waiting, string? reason, object wanted)
    {
        ShelfStatus status = new(TimeProvider.System);
        ShelfResult result = SomeResult.Of();
        result = result with { Slots = [result.Slots[0] with { NeedsReview = reason is not null, ReviewReason = reason }] };
        status.ResultCommitted(new CommittedResult("shelf-07-1", "shelf-07", 1, "boot", DateTimeOffset.UnixEpoch, true, Trigger.Timer, result, 0, Guid.Empty));
        if (waiting is { } count)
            status.ReviewWaits(count, count);

        Assert.Equal((LedState)wanted, GpioServices.StateOf(new CaptureQueue(), status));

        status.CaptureFailed(DevicePart.Camera, "camera-failed", "The camera is away.");
        Assert.Equal(LedState.Fault, GpioServices.StateOf(new CaptureQueue(), status));
    }
}
