using EdgeShelf.Fleet.Documents;
using EdgeShelf.Models;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Fleet;

/// <summary>A whole device with a real file server; the test says what the broker sends.</summary>
public sealed class FleetServiceTests : IAsyncLifetime
{
    readonly TemporaryFolder _folder = new();
    FleetFiles _files = null!;

    public async ValueTask InitializeAsync() => _files = await FleetFiles.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _files.DisposeAsync();
        _folder.Dispose();
    }

    string Served(FleetModel model) => _files.Serve($"/{model.Sha256}.tar.gz", model.Archive);

    [Fact]
    public async Task WithoutADocumentTheDeviceReportsWhatItIs()
    {
        await using FleetDevice device = await new FleetDevice(_folder.Path).StartAsync();
        ReportedDocument report = await device.UntilAsync(report => report.Installation is not null, "a report");
        Assert.Equal((FleetStatus.None, "canary", TinyModel.Name, null), (report.Status, report.Group, report.Model!.Name, report.DesiredVersion));
        Schemas.AssertValid("reported", System.Text.Encoding.UTF8.GetString(report.ToJson()));
    }

    [Fact]
    public async Task AModelIsPulledAndUsedAndTheNextOneToo()
    {
        FleetModel first = FleetModel.Make("shop"), second = FleetModel.Make("shop", "2.0.0", sharpness: 25), third = FleetModel.Make("shop", "3.0.0", sharpness: 30);
        await using FleetDevice device = await new FleetDevice(_folder.Path).StartAsync(ofGroup: FleetModel.Document(1, first.At(Served(first))));
        ReportedDocument report = await device.UntilAsync(FleetStatus.Applied, 1);
        Assert.Equal((first.Sha256, "group", FleetStep.Watching), (report.Model!.Sha256, report.DesiredFrom, report.Step));
        Assert.Equal("shop 1.0.0", device.Models.Info.ToString());

        device.SendToGroup(FleetModel.Document(2, second.At(Served(second))));
        await device.UntilAsync(FleetStatus.Applied, 2);
        device.SendToGroup(FleetModel.Document(3, third.At(Served(third))));
        await device.UntilAsync(FleetStatus.Applied, 3);

        // The model in use and its predecessor stay, and the first one is pruned.
        Assert.Equal("shop 3.0.0", device.Models.Info.ToString());
        Assert.Equal(new[] { TinyModel.Name, $"shop-{second.Sha256[..8]}", $"shop-{third.Sha256[..8]}" }.Order(), ModelsOf(device).Order());
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.Path, "fleet"), "*.part"));
        Assert.Equal(3, _files.Asked.Count);
    }

    [Fact]
    public async Task AfterARestartNothingIsDoneAgain()
    {
        FleetModel model = FleetModel.Make("shop");
        string document = FleetModel.Document(1, model.At(Served(model)));
        await using (FleetDevice device = await new FleetDevice(_folder.Path).StartAsync(document))
            await device.UntilAsync(FleetStatus.Applied, 1);
        await using FleetDevice again = await new FleetDevice(_folder.Path).StartAsync(document);
        ReportedDocument report = await again.UntilAsync(FleetStatus.Applied, 1);
        Assert.Equal(FleetStep.Watching, report.Step);
        Assert.Equal(model.Sha256, report.Model!.Sha256);
        Assert.Single(_files.Asked);
    }

    public static TheoryData<string, string> BadModels => new()
    {
        { "other-key", FleetProblem.BadSignature }, { "unsigned", FleetProblem.Unsigned }, { "zeros", FleetProblem.WrongHash }, { "loop", FleetProblem.BadAddress }, { "shorter", FleetProblem.WrongSize },
        { "other-name", FleetProblem.WrongModel }, { "damaged", FleetProblem.BadModel }, { "no-archive", FleetProblem.BadArchive }, { "too-large", FleetProblem.WrongSize },
    };

    [Theory]
    [MemberData(nameof(BadModels))]
    public async Task ABadModelIsRefusedOnceAndTheOldOneStays(string how, string code)
    {
        FleetModel good = FleetModel.Make("shop", change: how == "damaged" ? folder => File.AppendAllText(Path.Combine(folder, ModelManifest.LabelsFileName), "4,more,,\n") : null);
        byte[] rubbish = [.. Enumerable.Repeat((byte)7, 5000)];
        DesiredModel wanted = good.At(Served(good), how == "other-key" ? EdgeShelf.Fleet.FleetKeys.Make().Private : null);
        wanted = how switch
        {
            "unsigned" => wanted with { Signature = null },
            "zeros" => wanted with { Url = _files.Serve("/zeros", new byte[good.Archive.Length]) },
            "loop" => wanted with { Url = _files.Answer("/loop", http => { http.Response.Redirect("/loop"); return Task.CompletedTask; }) },
            "shorter" => wanted with { Url = _files.Serve("/shorter", good.Archive[..^9]) },
            "other-name" => wanted with { Name = "other" },
            "too-large" => wanted with { Size = 1 << 29 },
            "no-archive" => wanted with
            {
                Url = _files.Serve("/rubbish", rubbish),
                Size = rubbish.Length,
                Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(rubbish)),
                Signature = EdgeShelf.Fleet.FleetKeys.Sign(new MemoryStream(rubbish), FleetModel.Keys.Private, "fleet.key"),
            },
            _ => wanted,
        };
        await using FleetDevice device = await new FleetDevice(_folder.Path).StartAsync(FleetModel.Document(1, wanted));
        // A wrong file is tried three times, a minute and more apart.
        ReportedDocument report = await device.UntilAsync(FleetStatus.Refused, 1, TimeSpan.FromSeconds(10));
        Assert.Equal(code, report.Problems[0].Code);
        Assert.Equal(TinyModel.Name, report.Model!.Name);
        Assert.Equal([TinyModel.Name], ModelsOf(device));
        int asked = _files.Asked.Count;

        device.Subscribe(FleetModel.Document(1, wanted));
        device.Send(FleetModel.Document(2));
        await device.UntilAsync(FleetStatus.Applied, 2, TimeSpan.FromMinutes(10));
        Assert.Equal(asked, _files.Asked.Count);
        Assert.Single(device.Log.Lines, line => line.Contains("is refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ADocumentWithoutAVersionIsRefusedInAWholeSentence()
    {
        await using FleetDevice device = await new FleetDevice(_folder.Path).StartAsync("hello");

        await device.UntilAsync(report => report.Status == FleetStatus.Refused, "the refusal");
        Assert.Contains("A desired document whose version cannot be read is refused: ", Assert.Single(device.Log.Lines, line => line.Contains("is refused", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutAKeyTheReportSaysWhereToPutIt()
    {
        FleetModel model = FleetModel.Make("shop");
        await using FleetDevice device = await new FleetDevice(_folder.Path, [new("Fleet:KeyFile", _folder.File("none.pub"))]).StartAsync(FleetModel.Document(1, model.At(Served(model))));
        ReportedDocument report = await device.UntilAsync(FleetStatus.Refused, 1);
        Assert.Equal(FleetProblem.NoKey, report.Problems[0].Code);
        Assert.Contains(_folder.File("none.pub"), report.Problems[0].Message, StringComparison.Ordinal);
        Assert.Empty(_files.Asked);
    }

    [Fact]
    public async Task AServerThatIsAwayIsTriedAgainUntilItIsBack()
    {
        FleetModel model = FleetModel.Make("shop");
        await using FleetDevice device = await new FleetDevice(_folder.Path).StartAsync(FleetModel.Document(1, model.At(_files.UrlOf("/later"))));
        ReportedDocument report = await device.UntilAsync(report => report.Problems.Count > 0, "why it waits");
        Assert.Equal((FleetStatus.Pending, FleetStep.Downloading, FleetProblem.DownloadFailed), (report.Status, report.Step, report.Problems[0].Code));
        _files.Serve("/later", model.Archive);
        Assert.Empty((await device.UntilAsync(FleetStatus.Applied, 1, TimeSpan.FromSeconds(5))).Problems);
    }

    [Fact]
    public async Task AModelThatIsWorseInUseIsTakenBackWithItsPlanogramAndNotTriedAgain()
    {
        FleetModel model = FleetModel.Make("shop", sharpness: 25);
        string document = FleetModel.Document(1, model.At(Served(model)), $"\"planogram\":{Planogram("2", "Green-Pear")}");
        await using FleetDevice device = new(_folder.Path);
        device.Plan.SetSlots(SlotsDocument.Parse(System.Text.Encoding.UTF8.GetBytes("""{"slots":[{"slot":"1-01","x":0,"y":0,"width":0.5,"height":1}]}""")), PlanSource.Verb);
        device.Plan.SetPlanogram(PlanogramDocument.Parse(System.Text.Encoding.UTF8.GetBytes(Planogram("1", "Red-Apple"))), PlanSource.Verb);
        await device.StartAsync();
        await device.UntilAsync(report => report.Status == FleetStatus.None, "the start");
        for (int i = 0; i < 40; i++)
            device.Result(review: i % 10 == 0);
        device.Send(document);
        Assert.Equal("2", (await device.UntilAsync(FleetStatus.Applied, 1)).Planogram!.Version);

        for (int i = 0; i < SwitchedPictures; i++)
            device.Result(review: true);
        ReportedDocument report = await device.UntilAsync(FleetStatus.RolledBack, 1);

        Assert.Equal((TinyModel.Name, "1"), (report.Model!.Name, report.Planogram!.Version));
        Assert.Equal((0.1, 1.0), (report.Figures!.Before!.ReviewShare, report.Figures.After!.ReviewShare));
        Assert.Contains("from 10 % to 100 %", Assert.Single(report.Problems).Message, StringComparison.Ordinal);
        Assert.Equal(TinyModel.Name, device.Models.Name);
        device.Subscribe(document);
        Assert.Equal(FleetStatus.RolledBack, (await device.UntilAsync(report => report.DesiredVersion == 1, "the same", TimeSpan.FromMinutes(1))).Status);
        Schemas.AssertValid("reported", System.Text.Encoding.UTF8.GetString(report.ToJson()));
    }

    const int SwitchedPictures = 30;

    [Fact]
    public async Task AModelThatDoesWellIsKeptAfterTheHour()
    {
        FleetModel model = FleetModel.Make("shop", sharpness: 25);
        await using FleetDevice device = await new FleetDevice(_folder.Path).StartAsync(FleetModel.Document(1, model.At(Served(model))));
        await device.UntilAsync(FleetStatus.Applied, 1);
        for (int i = 0; i < SwitchedPictures; i++)
            device.Result();
        ReportedDocument report = await device.UntilAsync(report => report is { Status: FleetStatus.Applied, Step: null }, "the end of the hour", TimeSpan.FromMinutes(5));
        Assert.Equal(0, report.Figures!.After!.ReviewShare);
    }

    [Fact]
    public async Task AModelWithoutTheLabelsOfThePlanogramIsRefused()
    {
        FleetModel other = FleetModel.Make("other", change: folder =>
        {
            string labels = Path.Combine(folder, ModelManifest.LabelsFileName);
            File.WriteAllText(labels, File.ReadAllText(labels).Replace("Red-Apple", "Tin", StringComparison.Ordinal));
            ModelCopy.Change(folder, manifest => manifest with
            {
                Files = manifest.Files.ToDictionary(file => file.Key, file => file.Key == ModelManifest.LabelsFileName ? ModelFolder.Sha256(labels) : file.Value),
                Golden = manifest.Golden! with { Top = [.. manifest.Golden.Top.Select(top => top with { Label = "Tin" })] },
            });
        });
        await using FleetDevice device = new(_folder.Path);
        device.Plan.SetSlots(SlotsDocument.Parse(System.Text.Encoding.UTF8.GetBytes("""{"slots":[{"slot":"1-01","x":0,"y":0,"width":0.5,"height":1}]}""")), PlanSource.Verb);
        device.Plan.SetPlanogram(PlanogramDocument.Parse(System.Text.Encoding.UTF8.GetBytes(Planogram("1", "Red-Apple"))), PlanSource.Verb);
        await device.StartAsync(FleetModel.Document(1, other.At(Served(other))));
        ReportedDocument report = await device.UntilAsync(FleetStatus.Refused, 1);
        Assert.Equal(FleetProblem.LabelsMissing, report.Problems[0].Code);
        Assert.Contains("Red-Apple", report.Problems[0].Message, StringComparison.Ordinal);
        Assert.Equal(TinyModel.Name, device.Models.Name);
    }

    [Fact]
    public async Task APlanogramThatDoesNotFitLeavesTheModelOfTheSameDocumentUnused()
    {
        FleetModel model = FleetModel.Make("shop", sharpness: 25);
        await using FleetDevice device = await new FleetDevice(_folder.Path).StartAsync(FleetModel.Document(1, model.At(Served(model)), $"\"planogram\":{Planogram("1", "Red-Apple")}"));
        ReportedDocument report = await device.UntilAsync(FleetStatus.Refused, 1);
        Assert.Equal(FleetProblem.BadPlanogram, report.Problems[0].Code);
        Assert.Equal(TinyModel.Name, device.Models.Name);
    }

    [Fact]
    public async Task SettingsAreWrittenAndTheServiceEndsToStartWithThem()
    {
        await using (FleetDevice device = await new FleetDevice(_folder.Path).StartAsync(FleetModel.Document(1, more: "\"settings\":{\"Capture:Interval\":\"00:00:30\"}")))
        {
            await Wait.UntilAsync(() => { device.PutForward(TimeSpan.FromMilliseconds(100)); return device.HasEnded; });
            Assert.Equal("00:00:30", device.Overlay.Read()["Capture:Interval"]);
        }
        await using FleetDevice again = await new FleetDevice(_folder.Path).StartAsync(FleetModel.Document(1, more: "\"settings\":{\"Capture:Interval\":\"00:00:30\"}"));
        ReportedDocument report = await again.UntilAsync(FleetStatus.Applied, 1);
        Assert.Equal("00:00:30", report.Settings["Capture:Interval"]);
        Assert.False(again.HasEnded);
        again.Send("");
        await Wait.UntilAsync(() => { again.PutForward(TimeSpan.Zero); return again.HasEnded; });
        Assert.Empty(again.Overlay.Read());
    }

    [Fact]
    public async Task SettingsThatTheServiceWouldNotStartWithAreRefused()
    {
        await using FleetDevice device = await new FleetDevice(_folder.Path, settingsCheck: _ => ["Capture:Interval is 99; 1 to 2 are allowed"]).StartAsync(FleetModel.Document(1, more: "\"settings\":{\"Capture:Interval\":\"99\"}"));
        ReportedDocument report = await device.UntilAsync(FleetStatus.Refused, 1);
        Assert.Equal([new FleetProblem(FleetProblem.BadSetting, "Capture:Interval is 99; 1 to 2 are allowed.")], report.Problems);
        Assert.Empty(device.Overlay.Read());
        Assert.False(device.HasEnded);
    }

    [Fact]
    public async Task OutsideOfItsWindowADocumentWaitsAndANewOneTakesItsPlace()
    {
        await using FleetDevice device = new(_folder.Path);
        TimeOnly local = TimeOnly.FromDateTime(device.Clock.GetLocalNow().DateTime);
        string closed = $"{local.AddHours(2):HH\\:mm}-{local.AddHours(3):HH\\:mm}";
        await device.StartAsync(FleetModel.Document(1, more: $"\"window\":\"{closed}\""));
        Assert.Equal(FleetStep.Waiting, (await device.UntilAsync(report => report.Step is not null, "the step")).Step);
        device.Send(FleetModel.Document(2, more: $"\"window\":\"{closed}\""));
        await device.UntilAsync(FleetStatus.Pending, 2);
        await device.UntilAsync(FleetStatus.Applied, 2, TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task ADiskThatIsFullInTheMiddleLeavesTheOldModelAndLaterItGoesOn()
    {
        using SmallVolume volume = SmallVolume.Mount(4);
        FleetModel model = FleetModel.Make("shop", change: folder =>
        {
            byte[] noise = new byte[1_000_000];
            new Random(7).NextBytes(noise);
            File.WriteAllBytes(Path.Combine(folder, "NOTICE"), noise);
        });
        await using FleetDevice device = new(volume.Path);
        await device.StartAsync();
        await device.UntilAsync(report => report.Status == FleetStatus.None, "the start");
        volume.Fill();
        device.Send(FleetModel.Document(1, model.At(Served(model))));
        ReportedDocument report = await device.UntilAsync(report => report.Problems.Count > 0, "why it waits");
        Assert.Equal((FleetStatus.Pending, TinyModel.Name), (report.Status, report.Model!.Name));
        volume.Free();
        await device.UntilAsync(FleetStatus.Applied, 1, TimeSpan.FromSeconds(10));
    }

    static string Planogram(string version, string label) => $$"""{"name":"bay-4","version":"{{version}}","products":[],"positions":[{"slot":"1-01","label":"{{label}}"}]}""";

    static IEnumerable<string> ModelsOf(FleetDevice device) => Directory.GetDirectories(Path.Combine(device.Folder, "models")).Select(folder => Path.GetFileName(folder)!);
}
