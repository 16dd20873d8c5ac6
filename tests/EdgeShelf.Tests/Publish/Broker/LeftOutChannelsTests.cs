using EdgeShelf.Publish.Broker;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Publish.Broker;

public sealed class LeftOutChannelsTests
{
    readonly FakeTimeProvider _clock = new();
    readonly LeftOutChannels _channels;

    public LeftOutChannelsTests() => _channels = new LeftOutChannels(_clock);

    [Fact]
    public void AChannelIsLeftOutForTenMinutesAndOthersAreNot()
    {
        Assert.True(_channels.LeaveOut(SideChannel.State, "not authorized"));

        Assert.False(_channels.Allows(SideChannel.State));
        Assert.True(_channels.Allows(SideChannel.Image));
        LeftOut left = Assert.Single(_channels.All);
        Assert.Equal((SideChannel.State, _clock.GetUtcNow().AddMinutes(10), "not authorized"), (left.Channel, left.Until, left.Reason));
        _clock.Advance(LeftOutChannels.First);
        Assert.True(_channels.Allows(SideChannel.State));
    }

    [Fact]
    public void EachTimeThatTheBrokerDoesItAgainTheTimeDoublesUpToFourHours()
    {
        List<double> minutes = [];
        for (int i = 0; i < 7; i++)
        {
            Assert.Equal(i == 0, _channels.LeaveOut(SideChannel.Requests, ""));
            minutes.Add((_channels.All.Single().Until - _clock.GetUtcNow()).TotalMinutes);
            _clock.Advance(TimeSpan.FromMinutes(minutes[^1]));
        }

        Assert.Equal([10, 20, 40, 80, 160, 240, 240], minutes);
    }

    [Fact]
    public void WhatTheBrokerTakesAgainStartsOver()
    {
        _channels.LeaveOut(SideChannel.Image, "");
        _clock.Advance(LeftOutChannels.First);
        Assert.Single(_channels.All);

        Assert.True(_channels.Taken(SideChannel.Image));

        Assert.Empty(_channels.All);
        Assert.False(_channels.Taken(SideChannel.Image));
        Assert.True(_channels.LeaveOut(SideChannel.Image, ""));
        Assert.Equal(_clock.GetUtcNow() + LeftOutChannels.First, _channels.All.Single().Until);
    }
}
