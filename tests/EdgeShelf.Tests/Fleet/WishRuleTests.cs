using System.Text;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Fleet.Wishes;

namespace EdgeShelf.Tests.Fleet;

public sealed class WishRuleTests
{
    static readonly TimeOnly Noon = new(12, 0);

    static byte[] Document(int version, string more = "") => Encoding.UTF8.GetBytes($$"""{"schema":1,"version":{{version}}{{more}}}""");

    static FleetMemory Taken(FleetMemory memory, string from, byte[] payload, Arrival expected)
    {
        (FleetMemory after, Arrival arrival) = WishRule.Take(memory, from, payload);
        Assert.Equal(expected, arrival);
        return after;
    }

    static FleetMemory Applied(FleetMemory memory) => memory with { Applied = WishRule.InForce(memory)!.Id };

    [Fact]
    public void WithoutADocumentNothingIsDone()
    {
        Assert.Equal(FleetStatus.None, WishRule.StatusOf(new FleetMemory()));
        Assert.Equal(NextAct.Nothing, WishRule.Next(new FleetMemory(), Noon));
    }

    [Fact]
    public void TheDevicesOwnDocumentHoldsBeforeTheGroups()
    {
        FleetMemory memory = Taken(new FleetMemory(), WishId.OfGroup, Document(5), Arrival.New);
        memory = Taken(memory, WishId.OfDevice, Document(2), Arrival.New);
        Assert.Equal(2, WishRule.InForce(memory)!.Version);
        memory = Taken(memory, WishId.OfGroup, Document(6), Arrival.New);
        Assert.Equal(2, WishRule.InForce(memory)!.Version);

        memory = Taken(Applied(memory), WishId.OfDevice, [], Arrival.Removed);
        Assert.Equal(6, WishRule.InForce(memory)!.Version);
        Assert.Equal(FleetStatus.Pending, WishRule.StatusOf(memory));
    }

    [Fact]
    public void ADocumentIsAppliedOnce()
    {
        FleetMemory memory = Taken(new FleetMemory(), WishId.OfDevice, Document(2), Arrival.New);
        Assert.Equal(NextAct.Apply, WishRule.Next(memory, Noon));
        memory = Taken(Applied(memory), WishId.OfDevice, Document(2), Arrival.Known);
        Assert.Equal(NextAct.Nothing, WishRule.Next(memory, Noon));
        Assert.Equal(FleetStatus.Applied, WishRule.StatusOf(memory));
    }

    [Fact]
    public void AnApplicationThatAPowerCutEndedIsBegunAnew()
    {
        FleetMemory memory = Applied(Taken(new FleetMemory(), WishId.OfDevice, Document(2), Arrival.New));
        memory = memory with { Applying = new Change(memory.Applied!, null, null, null, new Dictionary<string, string>()) };
        Assert.Equal(NextAct.Apply, WishRule.Next(memory, Noon));
    }

    [Fact]
    public void AnOldDocumentThatComesLateDoesNothing()
    {
        FleetMemory memory = Taken(new FleetMemory(), WishId.OfDevice, Document(7), Arrival.New);
        Assert.Same(memory, Taken(memory, WishId.OfDevice, Document(6), Arrival.Late));
        memory = Taken(memory, WishId.OfDevice, [], Arrival.Removed);
        Assert.Equal(7, WishRule.InForce(Taken(memory, WishId.OfDevice, Document(7), Arrival.New))!.Version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no document")]
    public void AnOldVersionAfterTheLastIsGoneIsRefusedWithTheVersionThatIsNeeded(string last)
    {
        FleetMemory memory = Applied(Taken(new FleetMemory(), WishId.OfGroup, Document(7), Arrival.New));
        memory = Taken(memory, WishId.OfGroup, System.Text.Encoding.UTF8.GetBytes(last), last == "" ? Arrival.Removed : Arrival.New);
        memory = Taken(memory, WishId.OfGroup, Document(1), Arrival.New);

        Assert.Equal(FleetStatus.Refused, WishRule.StatusOf(memory));
        Assert.Equal(NextAct.Nothing, WishRule.Next(memory, Noon));
        Assert.Contains("with version 8 or a higher one", Assert.Single(WishRule.InForce(memory)!.Problems).Message, StringComparison.Ordinal);
        memory = Taken(memory, WishId.OfGroup, Document(3), Arrival.New);
        Assert.Equal(3, WishRule.InForce(memory)!.Version);
        memory = Taken(memory, WishId.OfGroup, Document(8), Arrival.New);
        Assert.Equal(FleetStatus.Pending, WishRule.StatusOf(memory));
    }

    [Fact]
    public void AVersionWithOtherContentIsRefusedAndTheFirstContentIsStillGood()
    {
        FleetMemory memory = Taken(new FleetMemory(), WishId.OfDevice, Document(7), Arrival.New);
        FleetMemory reused = Taken(memory, WishId.OfDevice, Document(7, ""","window":null"""), Arrival.New);
        Assert.Equal(FleetStatus.Refused, WishRule.StatusOf(reused));
        Assert.Equal(FleetProblem.VersionReused, Assert.Single(WishRule.InForce(reused)!.Problems).Code);
        Assert.Equal(FleetStatus.Pending, WishRule.StatusOf(Taken(reused, WishId.OfDevice, Document(7), Arrival.New)));
    }

    [Fact]
    public void AWrongDocumentIsRefusedOnceAndHoldsBeforeTheGroups()
    {
        FleetMemory memory = Taken(new FleetMemory(), WishId.OfGroup, Document(5), Arrival.New);
        memory = Taken(memory, WishId.OfDevice, Encoding.UTF8.GetBytes("{"), Arrival.New);
        Assert.Equal(FleetStatus.Refused, WishRule.StatusOf(memory));
        Assert.Equal(NextAct.Nothing, WishRule.Next(memory, Noon));
        Assert.Same(memory, Taken(memory, WishId.OfDevice, Encoding.UTF8.GetBytes("{"), Arrival.Known));
    }

    [Theory]
    [InlineData(FleetStatus.Refused)]
    [InlineData(FleetStatus.RolledBack)]
    public void WhatWasRefusedOrTakenBackIsNotTriedAgainNeitherAfterOthers(string status)
    {
        FleetMemory memory = Taken(new FleetMemory(), WishId.OfGroup, Document(5), Arrival.New);
        memory = memory.With(new WishVerdict(WishRule.InForce(memory)!.Id, status, [new FleetProblem("x", "y")], null));
        Assert.Equal(status, WishRule.StatusOf(memory));
        memory = Taken(memory, WishId.OfDevice, Document(1), Arrival.New);
        memory = Taken(Applied(memory), WishId.OfDevice, [], Arrival.Removed);
        Assert.Equal(status, WishRule.StatusOf(memory));
        Assert.Equal(NextAct.Apply, WishRule.Next(Taken(memory, WishId.OfGroup, Document(6), Arrival.New), Noon));
    }

    [Theory]
    [InlineData("02:00-05:00", "01:59", false)]
    [InlineData("02:00-05:00", "02:00", true)]
    [InlineData("02:00-05:00", "05:00", false)]
    [InlineData("22:00-05:00", "23:59", true)]
    [InlineData("22:00-05:00", "04:59", true)]
    [InlineData("22:00-05:00", "12:00", false)]
    public void ADocumentWaitsForItsWindow(string window, string local, bool isOpen)
    {
        FleetMemory memory = Taken(new FleetMemory(), WishId.OfDevice, Document(1, $$""","window":"{{window}}" """), Arrival.New);
        Assert.Equal(isOpen ? NextAct.Apply : NextAct.Wait, WishRule.Next(memory, TimeOnly.Parse(local, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void ADocumentThatTheBrokerNoLongerHasIsTakenBackOnlyIfItHasTheGroups()
    {
        FleetMemory memory = Taken(new FleetMemory(), WishId.OfGroup, Document(5), Arrival.New);
        memory = Taken(memory, WishId.OfDevice, Document(2), Arrival.New);
        Assert.Equal(2, WishRule.InForce(WishRule.WithoutUnseen(memory, isDeviceSeen: false, isGroupSeen: false))!.Version);
        Assert.Equal(2, WishRule.InForce(WishRule.WithoutUnseen(memory, isDeviceSeen: true, isGroupSeen: true))!.Version);
        Assert.Equal(5, WishRule.InForce(WishRule.WithoutUnseen(memory, isDeviceSeen: false, isGroupSeen: true))!.Version);
    }

    [Fact]
    public void AnotherGroupsDocumentIsForgotten()
    {
        FleetMemory memory = Taken(WishRule.InGroup(new FleetMemory(), "canary"), WishId.OfGroup, Document(5), Arrival.New);
        Assert.Same(memory, WishRule.InGroup(memory, "canary"));
        Assert.Null(WishRule.InForce(WishRule.InGroup(memory, "rest")));
    }

    [Fact]
    public void TenThousandDevicesSpreadEvenlyAndEachKeepsItsPlace()
    {
        TimeSpan spread = TimeSpan.FromMinutes(5);
        WishId id = new(WishId.OfGroup, new string('a', 64));
        Guid[] devices = [.. Enumerable.Range(0, 10_000).Select(number => new Guid(number, 1, 2, new byte[8]))];
        int[] minutes = [.. devices.Select(device => (int)WishRule.DelayOf(device, id, spread).TotalMinutes)];
        Assert.Equal([0, 1, 2, 3, 4], minutes.Distinct().Order());
        // 2,000 each; five standard deviations of a binomial distribution are 200.
        Assert.All(minutes.CountBy(minute => minute), count => Assert.InRange(count.Value, 1800, 2200));
        Assert.Equal(WishRule.DelayOf(devices[3], id, spread), WishRule.DelayOf(devices[3], id, spread));
        Assert.Equal(TimeSpan.Zero, WishRule.DelayOf(devices[3], id, TimeSpan.Zero));
    }
}
