using EdgeShelf.Fleet.Control;
using EdgeShelf.Fleet.Documents;

namespace EdgeShelf.Tests.Fleet;

/// <summary>How a rollout moves from group to group, by what devices report.</summary>
public sealed class RolloutTests
{
    const int Version = 12;

    static readonly RolloutRules Rules = new(0.02, TimeSpan.FromHours(1));

    readonly Dictionary<string, FleetDevice> _devices = [];
    readonly Dictionary<string, int> _retained = [];
    readonly Rollout _rollout = new(["canary", "rest"], Version, Rules);

    TimeSpan _now;

    public RolloutTests()
    {
        foreach (string name in (string[])["c-1", "c-2"])
            Tell(name, "canary", FleetStatus.Applied, version: 11);
        foreach (string name in (string[])["r-1", "r-2", "r-3"])
            Tell(name, "rest", FleetStatus.Applied, version: 11);
    }

    [Fact]
    public void TheNextGroupGetsTheDocumentWhenTheFirstIsDone()
    {
        PublishTo("canary");
        Assert.Equal(RolloutAction.Wait, Next().Action);
        Tell("c-1", "canary", FleetStatus.Applied);
        Tell("c-2", "canary", FleetStatus.Pending, FleetStep.Downloading);
        Assert.Equal("canary: 1 of 2 done, 1 to go", $"{Next().Standing}");

        Tell("c-2", "canary", FleetStatus.Applied);
        PublishTo("rest");
        Assert.Equal(RolloutAction.Wait, Next().Action);
        foreach (string name in (string[])["r-1", "r-2", "r-3"])
            Tell(name, "rest", FleetStatus.Applied);

        Assert.Equal(RolloutAction.Finished, Next().Action);
    }

    [Fact]
    public void ADeviceThatComparesItsNewModelIsWaitedFor()
    {
        PublishTo("canary");
        Tell("c-1", "canary", FleetStatus.Applied);
        Tell("c-2", "canary", FleetStatus.Applied, FleetStep.Watching);

        Assert.Equal(RolloutAction.Wait, Next().Action);
        // Longer than the timeout, which is for applying.
        _now += TimeSpan.FromMinutes(90);
        Assert.Equal("canary: 1 of 2 done, 1 watching", $"{Next().Standing}");

        _now += TimeSpan.FromMinutes(31);
        Assert.Equal(RolloutAction.Stopped, Next().Action);
    }

    [Theory]
    [InlineData(FleetStatus.Refused)]
    [InlineData(FleetStatus.RolledBack)]
    public void ADeviceThatRefusesOrRollsBackStopsIt(string status)
    {
        PublishTo("canary");
        Tell("c-1", "canary", FleetStatus.Applied);
        Tell("c-2", "canary", status);

        RolloutStep step = Next();

        Assert.Equal((RolloutAction.Stopped, "canary"), (step.Action, step.Group));
        Assert.Equal("1 of 2 devices failed, and at most 2 % may", step.Reason);
        Assert.Equal(("c-2", status), step.Standing!.Devices.Where(device => device.Standing == DeviceStanding.Failed).Select(device => (device.Device.Name, device.Reason)).Single());
    }

    [Fact]
    public void ItStopsAtTheShareThatIsAllowedAndNotBefore()
    {
        Rollout rollout = new(["many"], Version, Rules with { MaxFailed = 0.1 });
        for (int i = 0; i < 20; i++)
            Tell($"m-{i:D2}", "many", i is 3 or 7 ? FleetStatus.Refused : FleetStatus.Applied);
        Assert.Equal(RolloutAction.Publish, rollout.Next([.. _devices.Values], null, _now).Action);
        rollout.Published(_now);
        Assert.Equal(RolloutAction.Finished, rollout.Next([.. _devices.Values], Version, _now).Action);

        Tell("m-04", "many", FleetStatus.RolledBack);
        Assert.Equal(RolloutAction.Stopped, rollout.Next([.. _devices.Values], Version, _now).Action);
    }

    [Fact]
    public void WhatWasRefusedInAnOlderVersionDoesNotCount()
    {
        Tell("c-1", "canary", FleetStatus.Refused, version: 11);
        PublishTo("canary");

        Assert.Equal("canary: 0 of 2 done, 2 to go", $"{Next().Standing}");
    }

    [Fact]
    public void ADeviceThatIsAwayIsNotWaitedForAndOneThatIsSilentFails()
    {
        PublishTo("canary");
        Tell("c-1", "canary", FleetStatus.Applied);
        _devices["c-2"] = _devices["c-2"] with { IsOnline = false };
        Assert.Equal((RolloutAction.Publish, "rest"), (Next().Action, _rollout.Group));
        PublishTo("rest");
        Tell("r-1", "rest", FleetStatus.Applied);
        Tell("r-2", "rest", FleetStatus.Applied);
        Next();

        _now += TimeSpan.FromMinutes(61);
        Assert.Equal("not applied within 60 min", Next().Standing!.Devices.Single(device => device.Standing == DeviceStanding.Failed).Reason);
    }

    [Fact]
    public void ADeviceThatComesBackHasItsWholeTime()
    {
        PublishTo("canary");
        Tell("c-1", "canary", FleetStatus.Applied);
        Next();
        _now += TimeSpan.FromMinutes(50);
        _devices["c-2"] = _devices["c-2"] with { IsOnline = false };
        PublishTo("rest");
        foreach (string name in (string[])["r-1", "r-2"])
            Tell(name, "rest", FleetStatus.Applied);
        _devices["r-3"] = _devices["r-3"] with { IsOnline = false };
        Tell("r-2", "rest", FleetStatus.Pending, FleetStep.Downloading);
        Next();
        _now += TimeSpan.FromMinutes(50);
        _devices["r-3"] = _devices["r-3"] with { IsOnline = true };

        Assert.Equal(RolloutAction.Wait, Next().Action);
        Tell("r-2", "rest", FleetStatus.Applied);
        _now += TimeSpan.FromMinutes(50);
        Assert.Equal(RolloutAction.Wait, Next().Action);
    }

    [Fact]
    public void ADeviceThatHasAHigherVersionFailsAtOnce()
    {
        Tell("c-1", "canary", FleetStatus.Applied, version: Version + 1);
        PublishTo("canary");

        RolloutStep step = Next();
        Assert.Equal(RolloutAction.Stopped, step.Action);
        Assert.Equal($"it has version {Version + 1} already and takes only a higher one", step.Standing!.Devices.Single(device => device.Standing == DeviceStanding.Failed).Reason);
    }

    [Fact]
    public void TheWaitForTheNightIsNotCounted()
    {
        PublishTo("canary");
        Tell("c-1", "canary", FleetStatus.Applied);
        Tell("c-2", "canary", FleetStatus.Pending, FleetStep.Waiting);
        for (int hour = 0; hour < 14; hour++)
        {
            _now += TimeSpan.FromHours(1);
            Assert.Equal(RolloutAction.Wait, Next().Action);
        }
        Tell("c-2", "canary", FleetStatus.Pending, FleetStep.Downloading);
        _now += TimeSpan.FromMinutes(59);
        Assert.Equal(RolloutAction.Wait, Next().Action);

        _now += TimeSpan.FromMinutes(2);
        Assert.Equal(RolloutAction.Stopped, Next().Action);
    }

    [Fact]
    public void ADeviceWithADocumentOfItsOwnIsLeftOut()
    {
        PublishTo("canary");
        Tell("c-1", "canary", FleetStatus.Applied);
        Tell("c-2", "canary", FleetStatus.Refused, from: "device");
        _devices["c-2"] = _devices["c-2"] with { HasOwnDesired = true };

        Assert.Equal("canary: 1 of 2 done, 1 with a document of their own", $"{Next().Standing}");
    }

    [Fact]
    public void AGroupOfWhichNobodyIsThereStopsIt()
    {
        Rollout rollout = new(["nobody", "rest"], Version, Rules);
        rollout.Next([.. _devices.Values], null, _now);
        rollout.Published(_now);
        Assert.Equal(RolloutAction.Wait, rollout.Next([.. _devices.Values], Version, _now).Action);

        RolloutStep step = rollout.Next([.. _devices.Values], Version, _now + TimeSpan.FromMinutes(61));

        Assert.Equal((RolloutAction.Stopped, "no device of this group was connected within 60 min"), (step.Action, step.Reason));
    }

    [Fact]
    public void AGroupOfWhichNobodyIsThereIsPassedOverIfThatIsAllowed()
    {
        Rollout rollout = new(["nobody", "rest"], Version, Rules with { MayBeEmpty = ["nobody"] });
        rollout.Next([.. _devices.Values], null, _now);
        rollout.Published(_now);

        RolloutStep step = rollout.Next([.. _devices.Values], Version, _now);

        Assert.Equal((RolloutAction.Publish, "rest", "nobody: no device has reported this group"), (step.Action, step.Group, $"{step.Standing}"));
        rollout.Published(_now);
        Assert.Equal(RolloutAction.Wait, rollout.Next([.. _devices.Values], Version, _now).Action);
    }

    [Fact]
    public void AGroupThatMayBeEmptyIsWaitedForWhenADeviceComes()
    {
        Rollout rollout = new(["late", "rest"], Version, Rules with { MayBeEmpty = ["late"] });
        rollout.Next([.. _devices.Values], null, _now);
        rollout.Published(_now);
        Tell("l-1", "late", FleetStatus.Pending, FleetStep.Downloading);

        Assert.Equal("late: 0 of 1 done, 1 to go", $"{rollout.Next([.. _devices.Values], Version, _now).Standing}");
        Tell("l-1", "late", FleetStatus.Refused);
        Assert.Equal(RolloutAction.Stopped, rollout.Next([.. _devices.Values], Version, _now).Action);
    }

    [Fact]
    public void AGroupWhoseDevicesAllHaveDocumentsOfTheirOwnSaysSo()
    {
        foreach (string name in (string[])["c-1", "c-2"])
            _devices[name] = _devices[name] with { HasOwnDesired = true };
        PublishTo("canary");
        _now += TimeSpan.FromMinutes(61);

        Assert.Equal("no device of this group was connected within 60 min, beside 2 with a document of their own", Next().Reason);
    }

    [Fact]
    public void AnotherRolloutOfTheSameGroupStopsIt()
    {
        PublishTo("canary");
        _retained["canary"] = 13;

        Assert.Equal((RolloutAction.Stopped, "somebody else published version 13 for this group"), (Next().Action, Next().Reason));
        _retained.Remove("canary");
        Assert.Equal("somebody else published an empty document for this group", Next().Reason);
    }

    [Fact]
    public void AfterARestartItGoesOnWhereItWas()
    {
        foreach (string name in (string[])["c-1", "c-2", "r-1"])
            Tell(name, name[0] == 'c' ? "canary" : "rest", FleetStatus.Applied);
        PublishTo("canary");
        PublishTo("rest");

        Assert.Equal("rest: 1 of 3 done, 2 to go", $"{Next().Standing}");
    }

    RolloutStep Next() => _rollout.Next([.. _devices.Values], _retained.TryGetValue(_rollout.Group, out int version) ? version : null, _now);

    void PublishTo(string group)
    {
        RolloutStep step = Next();
        Assert.Equal((RolloutAction.Publish, group), (step.Action, step.Group));
        _retained[group] = Version;
        _rollout.Published(_now);
    }

    void Tell(string name, string group, string status, string? step = null, int version = Version, string from = "group") => _devices[name] = new FleetDevice(
        name,
        new ReportedDocument { Device = name, Group = group, DesiredVersion = version, DesiredFrom = from, Status = status, Step = step, Software = "0.1.0", At = DateTimeOffset.UnixEpoch },
        IsOnline: true, HasOwnDesired: false);
}
