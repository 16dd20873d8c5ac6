using System.Text.Json;
using EdgeShelf.Models;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Seams;

/// <summary>A model chosen by another process, seen by all who ask which model answers. The timer is off.</summary>
public sealed class ModelInUseTests : IAsyncLifetime
{
    ShelfOnTheWeb _shelf = null!;

    public async ValueTask InitializeAsync()
    {
        _shelf = await ShelfOnTheWeb.StartAsync();
        Directory.CreateDirectory(Path.Combine(_shelf.Models, "second"));
        foreach (string file in Directory.GetFiles(Path.Combine(_shelf.Models, TinyModel.Name)))
            File.Copy(file, Path.Combine(_shelf.Models, "second", Path.GetFileName(file)));
        ModelCopy.Change(Path.Combine(_shelf.Models, "second"), manifest => manifest with { Name = "second", Version = "2.0.0" });
    }

    public ValueTask DisposeAsync() => _shelf.DisposeAsync();

    [Fact]
    public async Task UploadsReadinessPageAndMetricsHaveItWithoutAPictureOfTheCamera()
    {
        Assert.Equal(TinyModel.Name, await ModelOfAnUploadAsync());

        ChooseInAnotherProcess("second");
        await Wait.UntilAsync(() => ModelOfAnUploadAsync().GetAwaiter().GetResult() == "second");

        Assert.Equal("second", (await _shelf.GetAsync("/api/state")).GetProperty("model").GetProperty("name").GetString());
        Assert.Contains("second 2.0.0", (await _shelf.GetAsync("/readyz")).GetProperty("model").GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("model=\"second 2.0.0\"", await _shelf.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatTheOldModelAnsweredIsNotTheNewOnesAnswer()
    {
        byte[] picture = PicturesOf.Plain(SKColors.Red);
        (await _shelf.PredictAsync(picture)).Dispose();

        ChooseInAnotherProcess("second");
        await Wait.UntilAsync(() => ModelOfAnUploadAsync().GetAwaiter().GetResult() == "second");
        JsonElement again = await ShelfOnTheWeb.ReadAsync(await _shelf.PredictAsync(picture));

        Assert.Equal("second", again.GetProperty("model").GetProperty("name").GetString());
    }

    [Fact]
    public async Task AModelThatIsRefusedMakesReadinessFailAndIsExplained()
    {
        ChooseInAnotherProcess("second", damage: true);
        await Wait.UntilAsync(() => !Readiness().GetProperty("model").GetProperty("ok").GetBoolean());

        Assert.Equal(TinyModel.Name, await ModelOfAnUploadAsync());
        Assert.Contains(
            "model-problem", (await _shelf.GetAsync("/api/state")).GetProperty("troubles").EnumerateArray().Select(trouble => trouble.GetProperty("code").GetString()));

        ChooseInAnotherProcess(TinyModel.Name);
        await Wait.UntilAsync(() => Readiness().GetProperty("model").GetProperty("ok").GetBoolean());
    }

    /// <summary>It passed its checks with the golden picture, and fails with bright ones: the shelf would get no result for ever.</summary>
    [Fact]
    public async Task ANetworkThatFailsWithTheShelfsPicturesIsReplacedByTheOneBefore()
    {
        TinyModel.WriteTo(_shelf.Models, onnx: TinyModel.FailsWithBrightPictures(), name: "bright", isGoldenSure: true);
        ChooseInAnotherProcess("bright");
        await Wait.UntilAsync(() => Readiness().GetProperty("model").GetProperty("detail").GetString()!.Contains("bright", StringComparison.Ordinal));
        _shelf.ShowPlain("white.jpg", SKColors.White);
        List<string?> codes = [];
        for (int i = 0; i < ActiveModel.MaxFailures; i++)
            codes.Add((await _shelf.CaptureAsync()).GetProperty("code").GetString());

        JsonElement next = await _shelf.CaptureAsync();

        Assert.All(codes, code => Assert.Equal("model-failed", code));
        Assert.Equal(TinyModel.Name, next.GetProperty("model").GetProperty("name").GetString());
        Assert.Contains("bright", (await _shelf.GetAsync("/api/state")).GetProperty("model_problem").GetString(), StringComparison.Ordinal);
        string[] events = [.. EventsOfTheOutbox()];
        Assert.Equal(["capture-failed", "capture-failed", "model-changed", "model-refused", "capture-failed"], events.SkipWhile(type => type != "capture-failed"));
    }

    IEnumerable<string> EventsOfTheOutbox()
    {
        using OutboxInspector outbox = OutboxInspector.Open(_shelf.File("state"));
        foreach (WaitingEntry entry in outbox.Waiting(100).Where(entry => entry.Topic == "event"))
            yield return JsonDocument.Parse(entry.Payload).RootElement.GetProperty("type").GetString()!;
    }

    void ChooseInAnotherProcess(string name, bool damage = false)
    {
        using ActiveModel other = new(new ModelsOptions { Name = TinyModel.Name, Trained = _shelf.Models }, folder => ModelFolder.Load(folder, threads: 1));
        if (damage)
        {
            // Damaged before it is chosen, and put into the choice by hand: the verb itself would refuse it.
            File.AppendAllText(Path.Combine(_shelf.Models, name, ModelManifest.LabelsFileName), "rubbish");
            File.WriteAllText(Path.Combine(_shelf.Models, "in-use.json"), $$"""{"name":"{{name}}","previous":"{{TinyModel.Name}}"}""");
            return;
        }
        other.Use(name);
    }

    JsonElement Readiness() => _shelf.GetAsync("/readyz").GetAwaiter().GetResult();

    async Task<string?> ModelOfAnUploadAsync() =>
        (await ShelfOnTheWeb.ReadAsync(await _shelf.PredictAsync(PicturesOf.Scene(seed: 3)))).GetProperty("model").GetProperty("name").GetString();
}
