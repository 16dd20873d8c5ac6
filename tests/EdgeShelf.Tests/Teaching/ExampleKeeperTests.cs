using EdgeShelf.Models;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using SkiaSharp;

namespace EdgeShelf.Tests.Teaching;

public sealed class ExampleKeeperTests : IDisposable
{
    readonly TeachingShelf _shelf = new();
    readonly TemporaryFolder _other = new();

    public void Dispose()
    {
        _other.Dispose();
        _shelf.Dispose();
    }

    [Fact]
    public async Task ANewModelDescribesTheCropsAnewAndTheOthersAreComparedAgain()
    {
        await _shelf.LookAsync([new SKColor(255, 30, 30), new SKColor(30, 255, 30)], ["apple", "pear"]);
        await _shelf.TeachAsync(null, "1-01", "1-02");
        // Another input makes other descriptors, although here they hardly differ.
        string folder = Path.Combine(TinyModel.WriteTo(_other.File("models")), TinyModel.Name);
        ModelCopy.Change(folder, manifest => manifest with { Input = manifest.Input with { Mean = [0.001, 0.001, 0.001] } });
        using ActiveModel models = ActiveModel.Of(ModelFolder.Load(folder, threads: 1));
        CropDescriber describer = new(models, new PriorityGate());
        TaughtProducts taught = new();
        using ExampleStore store = new(_shelf.Folder, new TeachingOptions(), TimeProvider.System, () => describer.Model, taught, NullLogger<ExampleStore>.Instance);
        store.Open();
        Assert.Equal(2, store.Pending);
        Assert.Empty(taught.Now.Examples);
        using ExampleKeeper keeper = new(store, describer, models, TimeProvider.System, NullLogger<ExampleKeeper>.Instance);

        Assert.True(await keeper.RedescribeAsync(TestContext.Current.CancellationToken));

        Assert.Equal(0, store.Pending);
        Assert.Equal(describer.Model, taught.Now.Model);
        Assert.Equal(2, taught.Now.Examples.Count);
        foreach ((Example now, TaughtExample before) in taught.Now.Examples.Zip(_shelf.Store.Now.Examples))
            Assert.True(System.Numerics.Tensors.TensorPrimitives.CosineSimilarity<float>(now.Descriptor.ToValues(), before.Descriptor.ToValues()) > 0.999);
    }

    [Fact]
    public async Task ANewHeadOnTheSameNetworkLeavesTheDescriptorsAsTheyAre()
    {
        await _shelf.LookAsync([new SKColor(255, 30, 30), new SKColor(30, 255, 30)], ["apple", "pear"]);
        await _shelf.TeachAsync(null, "1-01", "1-02");
        LoadedModel other = ModelFolder.Load(Path.Combine(TinyModel.WriteTo(_other.File("models"), sharpness: 10), TinyModel.Name), threads: 1);
        using ActiveModel models = ActiveModel.Of(other);
        CropDescriber describer = new(models, new PriorityGate());
        TaughtProducts taught = new();

        using ExampleStore store = new(_shelf.Folder, new TeachingOptions(), TimeProvider.System, () => describer.Model, taught, NullLogger<ExampleStore>.Instance);
        store.Open();

        Assert.NotEqual(TinyModel.Load(_other.File("same")).Info.Sha256, other.Info.Sha256);
        Assert.Equal(0, store.Pending);
        Assert.Equal(2, taught.Now.Examples.Count);
    }

    [Fact]
    public async Task AServiceNoticesWhatAVerbTaught()
    {
        using ExampleKeeper keeper = new(_shelf.Store, _shelf.Describer, ActiveModel.Of(TinyModel.Load(_other.File("models"))), TimeProvider.System, NullLogger<ExampleKeeper>.Instance);
        await keeper.StartAsync(TestContext.Current.CancellationToken);
        TaskCompletionSource noticed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _shelf.Taught.Changed += () =>
        {
            if (_shelf.Taught.Now.Examples.Count == 1)
                noticed.TrySetResult();
        };
        using (ExampleStore verb = new(_shelf.Folder, new TeachingOptions(), TimeProvider.System, () => null, new TaughtProducts(), NullLogger<ExampleStore>.Instance))
        {
            string model = _shelf.Describer.Model!;
            verb.Change(StepKinds.Add, _ => new ExamplePlan("Taught.", [new ExampleEdit.Add(new NewExample(
                "apple", null, DateTimeOffset.UnixEpoch, ExampleSources.Verb, new byte[] { 1 }, "hash", model, ExamplesInFolder.Descriptor(1)))]));
        }

        await noticed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await keeper.StopAsync(TestContext.Current.CancellationToken);
    }
}
