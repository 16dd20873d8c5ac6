using System.Text;
using EdgeShelf.Fleet;
using EdgeShelf.Fleet.Apply;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Fleet;

/// <summary>What a device judges a second time: a model after its key was withdrawn, a planogram after the slots changed, a server that never ends.</summary>
public sealed class FleetAgainTests : IAsyncLifetime
{
    readonly TemporaryFolder _folder = new();
    FleetFiles _files = null!;

    public async ValueTask InitializeAsync() => _files = await FleetFiles.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _files.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task AModelThatIsHereIsRefusedAfterItsKeyWasWithdrawnAndTakenWithASignatureOfTheNewKey()
    {
        FleetModel first = FleetModel.Make("shop"), second = FleetModel.Make("shop", "2.0.0", sharpness: 25);
        (string privateKey, string publicKey) = FleetKeys.Make();
        await using FleetDevice device = await new FleetDevice(_folder.Path).StartAsync(FleetModel.Document(1, first.At(Served(first))));
        await device.UntilAsync(FleetStatus.Applied, 1);
        device.Send(FleetModel.Document(2, second.At(Served(second))));
        await device.UntilAsync(FleetStatus.Applied, 2);

        // The predecessor is still on the disk, and the same key needs no second download.
        device.Send(FleetModel.Document(3, first.At(Served(first))));
        await device.UntilAsync(FleetStatus.Applied, 3);
        Assert.Equal(2, _files.Asked.Count);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "fleet.pub"), publicKey, TestContext.Current.CancellationToken);
        device.Send(FleetModel.Document(4, second.At(Served(second))));
        Assert.Equal(FleetProblem.BadSignature, (await device.UntilAsync(FleetStatus.Refused, 4)).Problems[0].Code);
        Assert.Equal(first.Sha256, device.Report!.Model!.Sha256);

        device.Send(FleetModel.Document(5, second.At(Served(second), privateKey)));
        Assert.Equal(second.Sha256, (await device.UntilAsync(FleetStatus.Applied, 5)).Model!.Sha256);
        device.Send(FleetModel.Document(6, first.At(Served(first), privateKey)));
        await device.UntilAsync(FleetStatus.Applied, 6);
        int asked = _files.Asked.Count;
        device.Send(FleetModel.Document(7, second.At(Served(second), privateKey)));
        await device.UntilAsync(FleetStatus.Applied, 7);
        Assert.Equal(asked, _files.Asked.Count);
    }

    [Fact]
    public async Task APlanogramThatDidNotFitTheSlotsIsJudgedAgainWhenTheyChange()
    {
        await using FleetDevice device = await new FleetDevice(_folder.Path).StartAsync(FleetModel.Document(1, more: $"\"planogram\":{Planogram}"));
        Assert.Equal(FleetProblem.BadPlanogram, (await device.UntilAsync(FleetStatus.Refused, 1)).Problems[0].Code);

        SetSlots(device, "2-01");
        Assert.Contains("1-01", (await device.UntilAsync(report => report.Problems is [{ Message: var message }] && message.Contains("draw it", StringComparison.Ordinal), "the second judgement")).Problems[0].Message, StringComparison.Ordinal);
        SetSlots(device, "1-01");

        Assert.Equal("7", (await device.UntilAsync(FleetStatus.Applied, 1)).Planogram!.Version);
    }

    [Fact]
    public async Task AServerWithoutRangesThatNeverSendsTheWholeFileIsGivenUp()
    {
        FleetModel model = FleetModel.Make("shop");
        string url = _files.Answer("/half", http => http.Response.Body.WriteAsync(model.Archive.AsMemory(0, model.Archive.Length / 2), http.RequestAborted).AsTask());
        await using FleetDevice device = await new FleetDevice(_folder.Path).StartAsync(FleetModel.Document(1, model.At(url)));

        ReportedDocument report = await device.UntilAsync(FleetStatus.Refused, 1, TimeSpan.FromMinutes(30));

        Assert.Equal(FleetProblem.DownloadFailed, report.Problems[0].Code);
        Assert.Contains($"{RetryRule.MaxStalls} attempts came no further", report.Problems[0].Message, StringComparison.Ordinal);
        // The first one was progress.
        Assert.Equal(RetryRule.MaxStalls + 1, _files.Asked.Count);
    }

    [Fact]
    public async Task APlanogramThatCameWithAWorseModelIsRemovedWhereThereWasNoneBefore()
    {
        FleetModel model = FleetModel.Make("shop", sharpness: 25);
        await using FleetDevice device = new(_folder.Path);
        SetSlots(device, "1-01");
        await device.StartAsync();
        await device.UntilAsync(report => report.Status == FleetStatus.None, "the start");
        for (int i = 0; i < 40; i++)
            device.Result(review: i % 10 == 0);
        device.Send(FleetModel.Document(1, model.At(Served(model)), $"\"planogram\":{Planogram}"));
        Assert.Equal("7", (await device.UntilAsync(FleetStatus.Applied, 1)).Planogram!.Version);

        for (int i = 0; i < 30; i++)
            device.Result(review: true);

        Assert.Null((await device.UntilAsync(FleetStatus.RolledBack, 1)).Planogram);
        Assert.Null(device.Plan.Planogram);
        // What comes next has a number of its own.
        Assert.Equal(2, device.Plan.SetPlanogram(PlanogramDocument.Parse(Encoding.UTF8.GetBytes(Planogram)), PlanSource.Verb).Number);
    }

    [Fact]
    public async Task ADeviceTellsTheHighestVersionOfItsGroupAlsoWhileADamagedDocumentIsInForce()
    {
        await using FleetDevice device = await new FleetDevice(_folder.Path).StartAsync(ofGroup: FleetModel.Document(12));
        Assert.Equal(12, (await device.UntilAsync(FleetStatus.Applied, 12)).GroupVersion);

        device.SendToGroup("garbage");

        ReportedDocument report = await device.UntilAsync(report => report.Status == FleetStatus.Refused, "the refusal");
        Assert.Equal((null, 12), (report.DesiredVersion, report.GroupVersion));
        Schemas.AssertValid("reported", Encoding.UTF8.GetString(report.ToJson()));
    }

    const string Planogram = """{"name":"bay-4","version":"7","products":[],"positions":[{"slot":"1-01","label":"Green-Pear"}]}""";

    static void SetSlots(FleetDevice device, string name) =>
        device.Plan.SetSlots(SlotsDocument.Parse(Encoding.UTF8.GetBytes($$"""{"slots":[{"slot":"{{name}}","x":0,"y":0,"width":0.5,"height":1}]}""")), PlanSource.Verb);

    string Served(FleetModel model) => _files.Serve($"/{model.Sha256}.tar.gz", model.Archive);
}
