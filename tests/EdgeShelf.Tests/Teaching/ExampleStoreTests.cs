using EdgeShelf.Platform;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Tests.Support;
using Microsoft.Data.Sqlite;

namespace EdgeShelf.Tests.Teaching;

public sealed class ExampleStoreTests : IDisposable
{
    readonly ExamplesInFolder _some = new();

    public void Dispose() => _some.Dispose();

    [Fact]
    public void AnExampleIsThereAfterARestartWithEachOfItsBytes()
    {
        NewExample example = _some.Example("nästgård 🥛", "2-03");
        long id = _some.Add(example).Added[0].Id;
        ExampleStore store = _some.Reopen();

        TaughtExample kept = Assert.Single(store.Now.Examples);
        Assert.Equal((id, "nästgård 🥛", "2-03", "http"), (kept.Id, kept.Label, kept.Slot, kept.Source));
        Assert.Equal(example.TakenAt, kept.TakenAt);
        Assert.Equal(example.Descriptor.Codes, kept.Descriptor.Codes);
        Assert.Equal(example.Descriptor.Scale, kept.Descriptor.Scale);
        Assert.Equal(example.Crop.ToArray(), store.Crop(id));
    }

    [Fact]
    public void WhatIsTaughtIsComparedFromThenOn()
    {
        int changes = 0;
        _some.Taught.Changed += () => changes++;
        long id = _some.Add("milk", "1-02");

        Example example = Assert.Single(_some.Taught.Now.Examples);
        Assert.Equal((id, "milk", "1-02"), (example.Id, example.Label, example.Slot));
        Assert.Equal(1, changes);
    }

    [Fact]
    public void AnIdIsNeverUsedTwice()
    {
        long first = _some.Add("milk");
        _some.Edit(new ExampleEdit.Remove(first));
        _some.Reopen();
        Assert.True(_some.Add("milk") > first);
        _some.Store.Undo(null);
        Assert.True(_some.Add("milk") > first + 1);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("text")]
    [InlineData("page")]
    public void ALostOrDamagedFileIsReportedAndNeverLeadsToAnIdUsedTwice(string damage)
    {
        for (int i = 0; i < 40; i++)
            _some.Add("milk", $"slot-{i}", i);
        _some.Store.Dispose();
        string path = _some.File(ExampleStore.FileName);
        switch (damage)
        {
            case "missing": File.Delete(path); break;
            case "text": File.WriteAllText(path, "this is no database at all, but a text that is long enough to have a header"); break;
            case "page":
                byte[] content = File.ReadAllBytes(path);
                content.AsSpan(2 * 4096, 4096).Fill(0xA5);
                File.WriteAllBytes(path, content);
                break;
        }
        string? told = null;
        using ExampleStore store = _some.OpenOther();
        store.Lost += message => told = message;
        store.Open();

        ExampleChange change = store.Change(StepKinds.Add, _ => new ExamplePlan("Added.", [new ExampleEdit.Add(_some.Example("milk"))]));
        Assert.True(change.Added[0].Id > 40, $"{change.Added[0].Id} was used before");
        Assert.Equal(damage != "missing", told is not null);
        Assert.Equal(damage == "missing" ? 0 : 1, Directory.GetFiles(_some.Folder, "examples-damaged-*.db").Length);
    }

    [Fact]
    public void TakingAChangeBackRestoresTheExamplesBitByBit()
    {
        _some.Add(_some.Example("milk", "1-01", 1), _some.Example("milk", "1-02", 2), _some.Example("juice", "1-03", 3));
        _some.Edit(new ExampleEdit.PutProduct(new Product("juice", "Juice 1 l", "0042", "4006381333931")));
        IReadOnlyList<string> before = _some.Rows();

        ExampleEdit[][] changes =
        [
            [new ExampleEdit.Remove(1), new ExampleEdit.Remove(3)],
            [new ExampleEdit.Relabel(1, "milch"), new ExampleEdit.Relabel(2, "milch"), new ExampleEdit.PutProduct(new Product("milch", "Milch", null, null))],
            [new ExampleEdit.PutProduct(new Product("juice", "Saft", null, null))],
            [new ExampleEdit.RemoveProduct("juice"), new ExampleEdit.Remove(3)],
            [new ExampleEdit.Add(_some.Example("juice", "1-04", 4)), new ExampleEdit.Relabel(3, "saft"), new ExampleEdit.Remove(3)],
        ];
        foreach (ExampleEdit[] change in changes)
        {
            _some.Edit(change);
            Assert.NotEqual(before, _some.Rows());
            _some.Store.Undo(null);
            Assert.Equal(before, _some.Rows());
            Assert.Equal(before, Shown(_some.Store));
        }
        // All together, one by one.
        foreach (ExampleEdit[] change in changes[..2])
            _some.Edit(change.Where(edit => edit is not ExampleEdit.Relabel(1, _)).ToArray());
        _some.Store.Undo(null);
        _some.Store.Undo(null);
        Assert.Equal(before, _some.Rows());

        IReadOnlyList<string> Shown(ExampleStore store)
        {
            Assert.Equal([1, 2, 3], store.Now.Examples.Select(example => example.Id));
            Assert.Equal("Juice 1 l", store.Now.Products["juice"].Name);
            return _some.Rows();
        }
    }

    [Fact]
    public void TheLastTwentyChangesCanBeTakenBack()
    {
        for (int i = 0; i < 25; i++)
            _some.Add("milk", $"slot-{i}", i);
        _some.Reopen();

        for (int i = 0; i < 20; i++)
            _some.Store.Undo(null);

        Assert.Equal(5, _some.Store.Now.Examples.Length);
        TeachingException problem = Assert.Throws<TeachingException>(() => _some.Store.Undo(null));
        Assert.Equal(TeachingException.NotFound, problem.Code);
    }

    [Fact]
    public void SomebodyElsesStepIsNotTakenBack()
    {
        long mine = _some.Add(_some.Example("milk", seed: 1)).Step!.Seq;
        _some.Add(_some.Example("juice", seed: 2));

        TeachingException problem = Assert.Throws<TeachingException>(() => _some.Store.Undo(mine));

        Assert.Equal(TeachingException.Conflict, problem.Code);
        Assert.Equal(2, _some.Store.Now.Examples.Length);
    }

    [Fact]
    public void ARefusedChangeChangesNothing()
    {
        _some.Add("milk");
        IReadOnlyList<string> before = _some.Rows();
        ExampleSet compared = _some.Taught.Now;

        Assert.Throws<TeachingException>(() => _some.Edit(new ExampleEdit.Relabel(1, "juice"), new ExampleEdit.Remove(99)));

        Assert.Equal(before, _some.Rows());
        Assert.Equal(compared, _some.Taught.Now);
    }

    [Fact]
    public void WhatAnotherProcessChangesIsNoticed()
    {
        _some.Add("milk");
        using ExampleStore verb = _some.OpenOther();
        verb.Change(StepKinds.Add, _ => new ExamplePlan("Added.", [new ExampleEdit.Add(_some.Example("juice", seed: 2))]));
        Assert.Single(_some.Taught.Now.Examples);

        _some.Store.Refresh();

        Assert.Equal(["milk", "juice"], _some.Taught.Now.Examples.Select(example => example.Label));
        // A change decides on what the other process wrote, also when nobody has noticed it yet.
        verb.Change(StepKinds.Remove, _ => new ExamplePlan("Removed.", [new ExampleEdit.Remove(1)]));
        Assert.Throws<TeachingException>(() => _some.Edit(new ExampleEdit.Relabel(1, "cream")));
        Assert.Equal(3, _some.Add("cream", seed: 3));
        Assert.Equal([2, 3], _some.Store.Now.Examples.Select(example => example.Id));
    }

    [Fact]
    public void ExamplesOfAnotherModelAreNotComparedUntilAllDescriptorsAreMadeAnew()
    {
        _some.Add("milk", "1-01", 1);
        _some.Add("juice", "1-02", 2);
        _some.ModelInUse = "model-2";
        _some.Store.UseModel();
        Assert.Empty(_some.Taught.Now.Examples);
        Assert.Equal(2, _some.Store.Pending);

        TaughtExample first = _some.Store.PendingExamples[0];
        _some.Store.Redescribe([(first.Id, first.CropSha256, ExamplesInFolder.Descriptor(11))], "model-2");
        Assert.Empty(_some.Taught.Now.Examples);

        TaughtExample second = Assert.Single(_some.Store.PendingExamples);
        _some.Store.Redescribe([(second.Id, second.CropSha256, ExamplesInFolder.Descriptor(12))], "model-2");
        Assert.Equal(2, _some.Taught.Now.Examples.Count);
        Assert.Equal(ExamplesInFolder.Descriptor(12).Codes, _some.Taught.Now.Examples[1].Descriptor.Codes);
    }

    [Fact]
    public void ACropThatCannotBeReadDoesNotHoldTheOthersBack()
    {
        _some.Add("milk", "1-01", 1);
        _some.Add("juice", "1-02", 2);
        _some.ModelInUse = "model-2";
        _some.Store.Redescribe([(1, _some.Store.Now.Examples[0].CropSha256, ExamplesInFolder.Descriptor(11))], "model-2");

        _some.Store.GiveUp(2);

        Assert.Equal("milk", Assert.Single(_some.Taught.Now.Examples).Label);
    }

    [Fact]
    public async Task TwoPhonesThatTeachAtOnceBothGetTheirExamples()
    {
        const int Each = 20;
        Task[] phones = [.. Enumerable.Range(0, 4).Select(phone => Task.Run(() =>
        {
            using ExampleStore? other = phone % 2 == 0 ? null : _some.OpenOther();
            for (int i = 0; i < Each; i++)
            {
                int seed = (phone * Each) + i;
                (other ?? _some.Store).Change(StepKinds.Add, _ => new ExamplePlan("Added.", [new ExampleEdit.Add(_some.Example($"product-{phone}", $"slot-{i}", seed))]));
            }
        }))];
        await Task.WhenAll(phones);
        _some.Store.Refresh();

        Assert.Equal(4 * Each, _some.Store.Now.Examples.Select(example => example.Id).Distinct().Count());
        Assert.All(Enumerable.Range(0, 4), phone => Assert.Equal(Each, _some.Store.Now.Examples.Count(example => example.Label == $"product-{phone}")));
        Assert.Equal(4 * Each, _some.Taught.Now.Examples.Count);
    }

    [Fact]
    public void AFullDiskIsAClearErrorAndNothingHalf()
    {
        using SmallVolume volume = SmallVolume.Mount(4);
        using ExampleStore store = new(
            volume.Path, new TeachingOptions(), _some.Clock, () => ExamplesInFolder.Model, _some.Taught, Microsoft.Extensions.Logging.Abstractions.NullLogger<ExampleStore>.Instance);
        store.Change(StepKinds.Add, _ => new ExamplePlan("Added.", [new ExampleEdit.Add(Large(1))]));
        volume.Fill();

        TeachingException problem = Assert.Throws<TeachingException>(() => store.Change(StepKinds.Add, _ => new ExamplePlan("Added.", [.. Enumerable.Range(2, 20).Select(seed => new ExampleEdit.Add(Large(seed)))])));

        Assert.Equal(TeachingException.ExamplesNotKept, problem.Code);
        Assert.Contains("df", problem.Hint, StringComparison.Ordinal);
        Assert.Single(store.Now.Examples);
        Assert.Single(_some.Taught.Now.Examples);
        volume.Free();
        store.Change(StepKinds.Add, _ => new ExamplePlan("Added.", [new ExampleEdit.Add(Large(2))]));
        Assert.Equal(2, store.Now.Examples.Length);
        Assert.Equal(2, ExamplesInFolder.RowsOf(volume.Path).Count(row => row.StartsWith("example:", StringComparison.Ordinal)));

        NewExample Large(int seed) => _some.Example("milk", $"slot-{seed}", seed) with { Crop = new byte[100_000] };
    }

    [Fact]
    public void TenThousandProductsAreKeptAndFound()
    {
        _some.Edit([.. Enumerable.Range(0, 10_000).Select(i => new ExampleEdit.PutProduct(ExamplesInFolder.Product($"product-{i:00000}", $"Product {i}")))]);
        ExampleStore store = _some.Reopen();

        Assert.Equal(10_000, store.Now.Products.Count);
        Assert.Equal("Product 9999", store.Now.Products["product-09999"].Name);
        store.Undo(null);
        Assert.Empty(store.Now.Products);
    }

    [Fact]
    public void WhatIsRemovedTakesALimitedSpace()
    {
        _some.Options.MaxBytes = 1 << 20;
        // Each step removes 100 kB; a quarter of a megabyte may wait to be taken back.
        for (int i = 0; i < 10; i++)
        {
            long id = _some.Add(_some.Example("milk", $"slot-{i}", i) with { Crop = new byte[100_000] }).Added[0].Id;
            _some.Edit(new ExampleEdit.Remove(id));
        }
        using SqliteConnection connection = new($"Data Source={_some.File(ExampleStore.FileName)};Pooling=false");
        connection.Open();

        long bytes = connection.Scalar<long>("SELECT sum(length(jpeg)) FROM undo");

        Assert.InRange(bytes, 100_000, (1 << 20) / 4);
        _some.Store.Undo(null);
        Assert.Single(_some.Store.Now.Examples);
    }
}
