using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Teaching;

public sealed class ProductEditorTests : IAsyncLifetime
{
    static readonly SKColor Red = new(255, 30, 30), Green = new(30, 255, 30), Blue = new(30, 30, 255);

    readonly TeachingShelf _shelf = new();
    IReadOnlyList<string> _before = [];

    public async ValueTask InitializeAsync()
    {
        await _shelf.LookAsync([Red, Green, Blue], ["apple", "pear", "plum"]);
        await _shelf.TeachAsync(null, "1-01", "1-02", "1-03");
        _shelf.Editor.Rename("apple", "apple", new Product("apple", "Apple", "0012", null), confirm: false);
        _before = _shelf.Rows();
    }

    public ValueTask DisposeAsync()
    {
        _shelf.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void ARenameThatThePlanogramDoesNotFollowNeedsAYes()
    {
        WorseException worse = Assert.Throws<WorseException>(() => _shelf.Editor.Rename("apple", "Jonagold", null, confirm: false));
        Assert.Contains("1-01", worse.Message, StringComparison.Ordinal);
        Assert.Equal(_before, _shelf.Rows());

        _shelf.Editor.Rename("apple", "Jonagold", null, confirm: true);

        Assert.Equal(["Jonagold", "pear", "plum"], _shelf.Store.Now.Labels);
        Assert.Equal(new Product("Jonagold", "Apple", "0012", null), _shelf.Store.Now.Products["Jonagold"]);
        TakeBack();
    }

    [Fact]
    public void ALabelThatIsTakenIsRefusedAndMergingIsOffered()
    {
        TeachingException problem = Assert.Throws<TeachingException>(() => _shelf.Editor.Rename("apple", "pear", null, confirm: true));
        Assert.Equal(TeachingException.Conflict, problem.Code);
        Assert.Contains("merge", problem.Hint, StringComparison.Ordinal);
        Assert.Equal(_before, _shelf.Rows());
    }

    [Fact]
    public void MergedProductsAreOne()
    {
        _shelf.Editor.Merge("apple", "pear", confirm: true);

        Assert.Equal(["pear", "plum"], _shelf.Store.Now.Labels);
        Assert.Equal(2, _shelf.Store.Now.Examples.Count(example => example.Label == "pear"));
        Assert.Equal(new Product("pear", "Apple", "0012", null), _shelf.Store.Now.Products["pear"]);
        TakeBack();
    }

    [Fact]
    public void AProductIsSplit()
    {
        _shelf.Editor.Merge("apple", "pear", confirm: true);
        long pear = _shelf.Store.Now.Examples.First(example => example.Slot == "1-01").Id;

        _shelf.Editor.Split("pear", [pear], "quince", new Product("quince", "Quince", null, null), confirm: true);

        Assert.Equal("quince", _shelf.Store.Now.Find(pear)!.Label);
        Assert.Throws<TeachingException>(() => _shelf.Editor.Split("plum", [pear], "quince", null, confirm: true));
        _shelf.Store.Undo(null);
        TakeBack();
    }

    [Fact]
    public void ARemovedProductIsGoneWithItsExamplesAndComesBack()
    {
        _shelf.Editor.Remove("apple");

        Assert.Equal(["pear", "plum"], _shelf.Store.Now.Labels);
        Assert.Equal(Verdict.Unchecked, _shelf.Verdicts()[0]);
        Assert.Null(_shelf.Store.Crop(1));
        TakeBack();
        Assert.Equal(Verdict.Match, _shelf.Verdicts()[0]);
    }

    [Fact]
    public void WhatIsNotThereIsNotChanged()
    {
        Assert.All<Action>(
        [
            () => _shelf.Editor.Remove("nobody"), () => _shelf.Editor.Rename("nobody", "somebody", null, true), () => _shelf.Editor.Merge("apple", "nobody", true),
            () => _shelf.Editor.RemoveExamples([1, 999]), () => _shelf.Editor.Merge("apple", "apple", true), () => _shelf.Editor.Rename("apple", "empty", null, true),
            () => _shelf.Editor.Rename("empty", "gap", null, true), () => _shelf.Editor.Merge("empty", "apple", true),
        ], change => Assert.Throws<TeachingException>(change));
        Assert.Equal(_before, _shelf.Rows());
    }

    [Fact]
    public void WhatWasTaughtIsToldAndWhatIsTakenBackIsNot()
    {
        List<ProductTaught> told = [];
        TeachingEvents events = new(_shelf.Store);
        events.Taught += told.Add;
        // The state at the start is no news.
        _shelf.Store.UseModel();
        using (ExampleStore verb = new(_shelf.Folder, new TeachingOptions(), TimeProvider.System, () => null, new TaughtProducts(), Microsoft.Extensions.Logging.Abstractions.NullLogger<ExampleStore>.Instance))
        {
            verb.Change(StepKinds.Add, state => new ExamplePlan("Taught.", [new ExampleEdit.Add(new NewExample(
                "apple", "1-09", _shelf.Time, ExampleSources.Verb, new byte[] { 1, 2, 3 }, "hash", state.Examples[0].Model, state.Examples[0].Descriptor))]));
        }
        Assert.Empty(told);

        _shelf.Store.Refresh();
        _shelf.Editor.Remove("apple");
        _shelf.Store.Undo(null);

        ProductTaught taught = Assert.Single(told);
        Assert.Equal(("apple", "Apple", "0012", 1, 2, "verb"), (taught.Label, taught.Name, taught.Sku, taught.Added, taught.Examples, taught.Source));
        Assert.Equal(["1-09"], taught.Slots);
    }

    void TakeBack()
    {
        _shelf.Store.Undo(null);
        Assert.Equal(_before, _shelf.Rows());
    }
}
