using EdgeShelf.Models;
using EdgeShelf.Publish;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests;

public sealed class LeftoversTests : IDisposable
{
    readonly TemporaryFolder _state = new();
    readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    readonly ListLogger<Leftovers> _log = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task WhatAPowerCutLeftOfFilesAndModelsIsDeletedAtTheStart()
    {
        string models = Directory.CreateDirectory(_state.File("models")).FullName;
        Directory.CreateDirectory(Path.Combine(models, ".shop-0002.new", "golden"));
        Directory.CreateDirectory(Path.Combine(models, "shop-0001.new"));
        File.WriteAllText(Path.Combine(models, "in-use.json.p3o5fz2k.1ab.new"), "{");
        File.WriteAllText(_state.File("installation-id.p3o5fz2k.1ab.new"), "0d3e");
        string versions = Directory.CreateDirectory(_state.File("bay/planogram/versions")).FullName;
        File.WriteAllText(Path.Combine(versions, "0007.json.p3o5fz2k.1ab.new"), "{");
        Leftovers leftovers = new(Options.Create(new PublishOptions { Folder = _state.Path }), Options.Create(new ModelsOptions { Trained = models }), Options.Create(new PlanOptions { State = _state.File("bay") }), _clock, _log);

        // A model that somebody is making at this moment.
        await leftovers.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal([".shop-0002.new", "shop-0001.new"], Names(models));
        Assert.Equal(["bay", "models"], Names(_state.Path));
        Assert.Empty(Names(versions));
        _clock.Advance(TimeSpan.FromHours(1.1));
        await leftovers.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["shop-0001.new"], Names(models));
        Assert.Equal(["Information: 3 temporary files of an earlier run were deleted", "Information: 1 temporary files of an earlier run were deleted"], _log.Lines);
    }

    static IEnumerable<string?> Names(string folder) => Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
