using System.Text.Json;
using EdgeShelf.Cli;
using EdgeShelf.Fleet.Control;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Fleet;

/// <summary>`edgeshelf fleet status|rollout|rollback|planogram` against a real broker. The devices are played by a type that reports as the product does.</summary>
public sealed class FleetVerbTests : IDisposable
{
    const string Good = """{"schema":1,"settings":{"Capture:Interval":"30s"}}""";
    const string Bad = """{"schema":1,"settings":{"Capture:Interval":"45s"}}""";

    readonly TemporaryFolder _folder = new();
    readonly Mosquitto _broker = Mosquitto.Start();

    public void Dispose()
    {
        _broker.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task StatusShowsWhoIsThereAndWhatIsWrong()
    {
        await using PlayedFleet fleet = await PlayedFleet.StartAsync(_broker, ("shelf-07", "canary"), ("shelf-08", "rest"));
        await fleet["shelf-08"].ReportAsync(reported => reported with { Status = FleetStatus.Refused, DesiredVersion = 3, DesiredFrom = "group", Problems = [new FleetProblem("bad-signature", $"The signature is not right.\e[2J{new string('x', 300)} Sign it.")] });
        await fleet["shelf-07"].LeaveAsync();

        string text = await FineAsync("status");
        Assert.Matches(@"shelf-07 +canary +away +- +none", text);
        Assert.Matches(@"shelf-08 +rest +online +3 +refused", text);
        Assert.Contains(@"bad-signature: The signature is not right.\x1B[2J", text, StringComparison.Ordinal);
        Assert.Contains("x Sign it.\n", text, StringComparison.Ordinal);
        Assert.EndsWith("2 devices, 1 online, 1 none, 1 refused\n", text, StringComparison.Ordinal);

        JsonElement json = JsonDocument.Parse(await FineAsync("status", "--group", "rest", "--json")).RootElement;
        Assert.Equal("shelf-08", Assert.Single(json.EnumerateArray()).GetProperty("reported").GetProperty("device").GetString());
        Assert.DoesNotContain("shelf-07", await FineAsync("status", "--device", "shelf-?8"), StringComparison.Ordinal);
        (int exitCode, _, string errors) = await RunAsync("status", "--device", "till-*");
        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("None of 2 devices fits. Groups with their devices: canary (1), rest (1).", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABadDocumentStopsAtTheCanaryAndAGoodOneReachesAll()
    {
        await using PlayedFleet fleet = await PlayedFleet.StartAsync(_broker, ("c-1", "canary"), ("c-2", "canary"), ("r-1", "rest"), ("r-2", "rest"));
        fleet.Refuses = version => version == 2;
        Assert.Contains("Version 1 is where it should be", await FineAsync("rollout", "--desired", _folder.Write("good.json", Good), "--group", "canary,rest"), StringComparison.Ordinal);

        (int exitCode, string output, string errors) = await RunAsync("rollout", "--desired", _folder.Write("bad.json", Bad), "--group", "canary,rest");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("The rollout stopped at canary: ", errors, StringComparison.Ordinal);
        Assert.Contains("bad-setting: It is refused.", output, StringComparison.Ordinal);
        Assert.All(fleet["r-1"].Seen, seen => Assert.DoesNotContain("45s", seen, StringComparison.Ordinal));

        // Back, and twice back is the same.
        Assert.Contains("canary: version 3 asks for what version 1 asked for", await FineAsync("rollback", "--group", "canary"), StringComparison.Ordinal);
        Assert.Contains("canary has what it had before already, as version 3", await FineAsync("rollback", "--group", "canary"), StringComparison.Ordinal);
        await Wait.UntilAsync(() => fleet["c-1"].Reported.DesiredVersion == 3 && fleet["c-1"].Reported.Status == FleetStatus.Applied);

        fleet.Refuses = _ => false;
        Assert.Contains("Version 4 is where it should be", await FineAsync("rollout", "--desired", _folder.Write("better.json", Bad.Replace("45", "50", StringComparison.Ordinal)), "--group", "canary,rest"), StringComparison.Ordinal);
        Assert.All(fleet.Devices, device => Assert.Equal((4, FleetStatus.Applied), (device.Reported.DesiredVersion, device.Reported.Status)));
    }

    [Fact]
    public async Task TheWayBackAfterTwoFailuresLeadsToWhatWorked()
    {
        await using PlayedFleet fleet = await PlayedFleet.StartAsync(_broker, ("c-1", "canary"));
        fleet.Refuses = version => version is 2 or 3;
        await FineAsync("rollout", "--desired", _folder.Write("good.json", Good), "--group", "canary");
        foreach (string seconds in new[] { "45", "46" })
            Assert.Equal(ExitCodes.Failed, (await RunAsync("rollout", "--desired", _folder.Write("bad.json", Bad.Replace("45", seconds, StringComparison.Ordinal)), "--group", "canary")).ExitCode);

        Assert.Contains("canary: version 4 asks for what version 1 asked for", await FineAsync("rollback", "--group", "canary"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task VersionsDoNotBeginAnewWhenADocumentWasTakenBack()
    {
        MosquittoPub.Publish(_broker, "edgeshelf/_group/rest/desired-before", """{"schema":1,"version":6,"settings":{"Capture:Interval":"30s"}}""", retain: true);

        await using PlayedFleet fleet = await PlayedFleet.StartAsync(_broker, ("r-1", "rest"));
        (int exitCode, _, string errors) = await RunAsync("rollout", "--desired", _folder.Write("one.json", """{"schema":1,"version":1}"""), "--group", "rest");
        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("Version 6 was published before", errors, StringComparison.Ordinal);
        Assert.Contains("Write 7", errors, StringComparison.Ordinal);

        string table = _folder.Write("bay-4.csv", "slot,label,name\n1-01,tall-kitchen-bags,Tall kitchen bags\n");
        Assert.Matches("rest: version 7 has .* with 1 position\\.", await FineAsync("planogram", "push", table, "--group", "rest"));
    }

    [Fact]
    public async Task AfterADamagedDocumentTheNextVersionIsAboveThatOfTheDevices()
    {
        MosquittoPub.Publish(_broker, "edgeshelf/_group/canary/desired", "garbage", retain: true);
        MosquittoPub.Publish(_broker, "edgeshelf/_group/canary/desired-before", """{"schema":1,"version":11,"settings":{"Capture:Interval":"31s"}}""", retain: true);
        await using PlayedFleet fleet = await PlayedFleet.StartAsync(_broker, ("c-1", "canary"), ("c-2", "canary"));
        await fleet["c-1"].ReportAsync(reported => reported with { Status = FleetStatus.Refused, DesiredFrom = "group", GroupVersion = 12 });
        // A device that lies must not use up the versions.
        await fleet["c-2"].ReportAsync(reported => reported with { DesiredFrom = "group", GroupVersion = int.MaxValue });

        Assert.Contains("canary: version 13 asks for what version 11 asked for", await FineAsync("rollback", "--group", "canary"), StringComparison.Ordinal);
        await Wait.UntilAsync(() => fleet["c-1"].Reported.DesiredVersion == 13);
        await fleet["c-1"].ReportAsync(reported => reported with { GroupVersion = 20 });
        Assert.Contains("Version 21 is where it should be", await FineAsync("rollout", "--desired", _folder.Write("good.json", Good), "--group", "canary"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADocumentThatIsTooLargeWithItsVersionIsNotPublished()
    {
        using MosquittoSub seen = await MosquittoSub.StartAsync(_broker, "edgeshelf/_group/#");
        MosquittoPub.Publish(_broker, "edgeshelf/_group/rest/desired", """{"schema":1,"version":9}""", retain: true);
        static string Product(int number, int padding) => $$"""{"label":"{{1000 + number}}","name":"{{new string('x', 200)}}","sku":"{{new string('y', (padding + 999 - number) / 1000)}}"}""";
        static string Large(int padding) => $$$"""{"schema":1,"planogram":{"name":"bay","version":"1","products":[{{{string.Join(',', Enumerable.Range(0, 1000).Select(number => Product(number, padding)))}}}],"positions":[]}}""";
        // With version 1 it has just the size that is allowed.
        int missing = DesiredDocument.MaxBytes - "\"version\":1,".Length - Large(0).Length;
        string file = _folder.Write("large.json", Large(missing));
        Assert.Equal(DesiredDocument.MaxBytes, WantedDocument.Parse(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), file).With(1).ToJson().Length);

        (int exitCode, _, string errors) = await RunAsync("rollout", "--desired", file, "--group", "rest", "--even-if-empty");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("The document for rest has 262145 bytes; devices take at most 262144.", errors, StringComparison.Ordinal);
        MosquittoPub.Publish(_broker, "edgeshelf/_group/rest/end", "{}");
        await seen.UntilAsync(all => all.On("/end").Any(), "the end");
        Assert.Single(seen.On("/desired"));
        Assert.Empty(seen.On("/desired-before"));
    }

    [Fact]
    public async Task ARolloutSaysWhyADeviceIsNotDone()
    {
        await using PlayedFleet fleet = await PlayedFleet.StartAsync(_broker, ("c-1", "canary"));
        fleet.Hesitates = true;
        using EdgeShelfProcess rollout = EdgeShelfProcess.Start(_folder.Path, ["fleet", "rollout", "--broker", _broker.Uri, "--desired", _folder.Write("desired.json", Good), "--group", "canary"]);
        await Wait.UntilAsync(() => rollout.Output.Contains("1 to go", StringComparison.Ordinal), TimeSpan.FromSeconds(60), "the canary has the document");

        await fleet["c-1"].ReportAsync(reported => reported with { Problems = [new FleetProblem(FleetProblem.DownloadFailed, "The server is away.")] });

        await Wait.UntilAsync(() => rollout.Output.Contains("c-1 tries again: download-failed: The server is away.", StringComparison.Ordinal), TimeSpan.FromSeconds(60), "the reason is shown");
        await fleet["c-1"].DecideAsync();
        Assert.Equal(ExitCodes.Fine, rollout.WaitForExit());
    }

    [Fact]
    public async Task ADocumentWithoutTheSettingsThatAGroupHasIsPointedOut()
    {
        await using PlayedFleet fleet = await PlayedFleet.StartAsync(_broker, ("c-1", "canary"));
        await FineAsync("rollout", "--desired", _folder.Write("good.json", Good), "--group", "canary");

        (int exitCode, _, string errors) = await RunAsync("rollout", "--desired", _folder.Write("bare.json", """{"schema":1}"""), "--group", "canary");

        Assert.Equal(ExitCodes.Fine, exitCode);
        Assert.Contains("canary has settings of the chain", errors, StringComparison.Ordinal);
        Assert.Equal("", (await RunAsync("rollout", "--desired", _folder.Write("bare.json", """{"schema":1}"""), "--group", "canary")).Errors);
    }

    [Fact]
    public async Task ARolloutThatWasInterruptedGoesOn()
    {
        await using PlayedFleet fleet = await PlayedFleet.StartAsync(_broker, ("c-1", "canary"), ("r-1", "rest"));
        fleet.Hesitates = true;
        string file = _folder.Write("desired.json", Good);
        using (EdgeShelfProcess first = EdgeShelfProcess.Start(_folder.Path, ["fleet", "rollout", "--broker", _broker.Uri, "--desired", file, "--group", "canary,rest"]))
        {
            await Wait.UntilAsync(() => first.Output.Contains("1 to go", StringComparison.Ordinal), TimeSpan.FromSeconds(60), "the canary has the document");
            Assert.Equal(ExitCodes.Failed, first.Terminate());
            Assert.Contains("The same command goes on", first.Errors, StringComparison.Ordinal);
        }
        fleet.Hesitates = false;
        await fleet["c-1"].DecideAsync();

        await FineAsync("rollout", "--desired", file, "--group", "canary,rest");

        Assert.All(fleet.Devices, device => Assert.Single(device.Seen));
        Assert.All(fleet.Devices, device => Assert.Equal(1, device.Reported.DesiredVersion));
    }

    [Fact]
    public async Task ARolloutSurvivesARestartOfTheBroker()
    {
        await using PlayedFleet fleet = await PlayedFleet.StartAsync(_broker, ("c-1", "canary"));
        fleet.Hesitates = true;
        using EdgeShelfProcess rollout = EdgeShelfProcess.Start(_folder.Path, ["fleet", "rollout", "--broker", _broker.Uri, "--desired", _folder.Write("desired.json", Good), "--group", "canary"]);
        await Wait.UntilAsync(() => rollout.Output.Contains("1 to go", StringComparison.Ordinal), TimeSpan.FromSeconds(60), "the canary has the document");

        _broker.Kill();
        await Wait.UntilAsync(() => rollout.Errors.Contains("the connection is tried again", StringComparison.Ordinal), TimeSpan.FromSeconds(60), "the rollout noticed");
        _broker.Start();
        // This broker forgets what is retained, as one without persistence does: it is not somebody else's document.
        await fleet.ReconnectAsync();
        MosquittoPub.Publish(_broker, "edgeshelf/_group/canary/desired", """{"schema":1,"version":1,"settings":{"Capture:Interval":"30s"}}""", retain: true);
        fleet.Hesitates = false;
        await fleet["c-1"].DecideAsync();

        Assert.Equal(ExitCodes.Fine, rollout.WaitForExit());
    }

    [Fact]
    public async Task APlanogramIsPushedAndTheRestStays()
    {
        await using PlayedFleet fleet = await PlayedFleet.StartAsync(_broker, ("r-1", "rest"));
        using MosquittoSub seen = await MosquittoSub.StartAsync(_broker, "edgeshelf/_group/#");
        MosquittoPub.Publish(_broker, "edgeshelf/_group/rest/desired", """{"schema":1,"version":7,"settings":{"Capture:Interval":"30s"},"window":"02:00-05:00"}""", retain: true);
        string table = _folder.Write("bay-4.csv", "slot,label,name\n1-01,tall-kitchen-bags,Tall kitchen bags\n");

        Assert.Contains("rest: version 8 has the planogram bay-4", await FineAsync("planogram", "push", table, "--group", "rest"), StringComparison.Ordinal);

        await seen.UntilAsync(all => all.On("/desired").Count() == 2, "the new document");
        JsonElement document = seen.On("/desired").Last().Json;
        Assert.Equal(("30s", "02:00-05:00", 8), (document.GetProperty("settings").GetProperty("Capture:Interval").GetString(), document.GetProperty("window").GetString(), document.GetProperty("version").GetInt32()));
        Assert.Equal("1-01", document.GetProperty("planogram").GetProperty("positions")[0].GetProperty("slot").GetString());
        Assert.Equal(7, seen.On("/desired-before").Single().Json.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task APlanogramIsNotPushedWithAModelThatFailed()
    {
        await using PlayedFleet fleet = await PlayedFleet.StartAsync(_broker, ("c-1", "canary"));
        string table = _folder.Write("bay-4.csv", "slot,label,name\n1-01,tea,Tea\n");
        await FineAsync("rollout", "--desired", _folder.Write("good.json", Good), "--group", "canary");
        fleet.Refuses = version => version == 2;
        Assert.Equal(ExitCodes.Failed, (await RunAsync("rollout", "--desired", _folder.Write("bad.json", Bad), "--group", "canary")).ExitCode);

        (int exitCode, _, string errors) = await RunAsync("planogram", "push", table, "--group", "canary");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("Devices of canary did not take version 2", errors, StringComparison.Ordinal);
        // A planogram that was wrong is replaced by one that is right.
        await fleet["c-1"].ReportAsync(reported => reported with { Problems = [new FleetProblem(FleetProblem.BadPlanogram, "Planogram: there is no slot.")] });
        Assert.Contains("canary: version 3 has the planogram", await FineAsync("planogram", "push", table, "--group", "canary"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("planogram", "push", "{table}", "--group", "cannary")]
    [InlineData("rollout", "--desired", "{file}", "--group", "cannary,rest")]
    [InlineData("rollback", "--group", "cannary")]
    public async Task AGroupThatNoDeviceHasReportedGetsNothingUnlessItIsAllowed(params string[] arguments)
    {
        await using PlayedFleet fleet = await PlayedFleet.StartAsync(_broker, ("c-1", "canary"), ("r-1", "rest"), ("r-2", "rest"));
        MosquittoPub.Publish(_broker, "edgeshelf/_group/cannary/desired-before", """{"schema":1,"version":4,"settings":{"Capture:Interval":"31s"}}""", retain: true);
        using MosquittoSub seen = await MosquittoSub.StartAsync(_broker, "edgeshelf/_group/#");
        string[] command = [.. arguments.Select(argument => argument
            .Replace("{file}", _folder.Write("desired.json", Good), StringComparison.Ordinal).Replace("{table}", _folder.Write("bay-4.csv", "slot,label,name\n1-01,tea,Tea\n"), StringComparison.Ordinal))];

        (int exitCode, string output, string errors) = await RunAsync(command);

        Assert.Equal((ExitCodes.NobodyThere, ""), (exitCode, output));
        Assert.StartsWith("edgeshelf: No device has reported the group cannary. Groups with their devices: canary (1), rest (2). Nothing was published.", errors, StringComparison.Ordinal);
        Assert.Contains("--even-if-empty", errors, StringComparison.Ordinal);

        (exitCode, output, errors) = await RunAsync([.. command, "--even-if-empty"]);

        Assert.True(exitCode == ExitCodes.Fine, output + errors);
        Assert.Contains("No device has reported the group cannary. Its document waits at the broker", errors, StringComparison.Ordinal);
        await seen.UntilAsync(all => all.On("cannary/desired").Any(), "the document");
        Assert.Equal(5, seen.On("cannary/desired").Single().Json.GetProperty("version").GetInt32());
        if (arguments[0] == "rollout")
            Assert.All(fleet.Devices, device => Assert.Equal(device.Name == "c-1" ? 0 : 1, device.Seen.Count));
    }

    [Fact]
    public async Task AtABrokerWithoutDevicesTheMessageDoesNotNameGroups()
    {
        (int exitCode, _, string errors) = await RunAsync("planogram", "push", _folder.Write("bay-4.csv", "slot,label,name\n1-01,tea,Tea\n"), "--group", "rest,canary");

        Assert.Equal(ExitCodes.NobodyThere, exitCode);
        Assert.Contains("No device has reported the group rest or the group canary. No device has told this broker anything on edgeshelf/+/reported, or this user may not read it.", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rollout", "--desired", "{file}", "--group", "canary,,rest")]
    [InlineData("rollout", "--desired", "{file}", "--group", "canary/#")]
    [InlineData("rollout", "--desired", "{file}", "--group", "canary,canary")]
    [InlineData("rollout", "--desired", "{file}", "--group", "canary", "--max-failed", "101%")]
    [InlineData("rollout", "--desired", "{file}", "--group", "canary", "--timeout", "soon")]
    [InlineData("rollout", "--desired", "/nowhere.json", "--group", "canary")]
    [InlineData("status", "--json", "--watch")]
    public async Task BadUsageExitsWithTwo(params string[] arguments)
    {
        string file = _folder.Write("desired.json", Good);

        (int exitCode, _, string errors) = await RunAsync([.. arguments.Select(argument => argument.Replace("{file}", file, StringComparison.Ordinal))]);

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.StartsWith("edgeshelf: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutABrokerTheMessageSaysWhatToDo()
    {
        _broker.Kill();

        (int exitCode, _, string errors) = await RunAsync("status");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("Nothing listens at the broker's address", errors, StringComparison.Ordinal);
        Assert.Contains("Check --broker", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("outbox", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThereIsNoWayBackForAGroupThatNeverHadAnything()
    {
        (int exitCode, _, string errors) = await RunAsync("rollback", "--group", "canary");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("knows nothing that the group canary had before", errors, StringComparison.Ordinal);
    }

    Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        int options = arguments[0] == "planogram" ? 2 : 1;
        return InProcess.RunAsync(["fleet", .. arguments[..options], "--broker", _broker.Uri, .. arguments[options..]]);
    }

    async Task<string> FineAsync(params string[] arguments)
    {
        (int exitCode, string output, string errors) = await RunAsync(arguments);
        Assert.True(exitCode == ExitCodes.Fine, output + errors);
        return output;
    }
}
