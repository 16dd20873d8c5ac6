using EdgeShelf.Models;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Models;

public sealed class ModelStoreTests : IDisposable
{
    readonly TemporaryFolder _trained = new();
    readonly ModelStore _store;

    public ModelStoreTests()
    {
        ModelCopy.Create(_trained.Path, "second");
        _store = new ModelStore(new ModelsOptions { Trained = _trained.Path });
    }

    public void Dispose() => _trained.Dispose();

    [Fact]
    public void WithoutAChoiceTheConfiguredModelIsInUse()
    {
        Assert.Equal("grocery-81", _store.NameInUse);
        Assert.Contains("second", _store.Names());
        Assert.Contains("grocery-81", _store.Names());
    }

    [Fact]
    public void ARollbackPutsBackWhatWasInUse()
    {
        _store.Use("second");
        Assert.Equal("second", _store.NameInUse);

        _store.Rollback();

        Assert.Equal("grocery-81", _store.NameInUse);
    }

    [Fact]
    public void ADamagedModelIsNotPutInUse()
    {
        File.WriteAllText(Path.Combine(_trained.Path, "second", ModelManifest.ModelFileName), "rubbish");

        Assert.Throws<ConfigurationException>(() => _store.Use("second"));

        Assert.Equal("grocery-81", _store.NameInUse);
    }

    [Fact]
    public void AnUnknownModelIsNamed() =>
        Assert.Contains("third", Assert.Throws<ConfigurationException>(() => _store.Use("third")).Message, StringComparison.Ordinal);

    [Fact]
    public void ARunningServiceIsToldOnceOfEachChoice()
    {
        ModelSwitch modelSwitch = Switch();
        Assert.Null(modelSwitch.TakeChange());

        _store.Use("second");

        using LoadedModel? next = modelSwitch.TakeChange();
        Assert.Equal("second", next?.Info.Name);
        Assert.Null(modelSwitch.TakeChange());
    }

    [Fact]
    public void AModelThatBreaksAfterItWasChosenIsRefusedOnceAndNotTriedAgain()
    {
        ModelSwitch modelSwitch = Switch();
        _store.Use("second");
        File.WriteAllText(Path.Combine(_trained.Path, "second", ModelManifest.LabelsFileName), "rubbish");

        Assert.Throws<ConfigurationException>(() => modelSwitch.TakeChange());
        Assert.Null(modelSwitch.TakeChange());
    }

    [Fact]
    public void AModelThatIsMendedAndChosenAgainIsTaken()
    {
        string labels = Path.Combine(_trained.Path, "second", ModelManifest.LabelsFileName);
        byte[] sound = File.ReadAllBytes(labels);
        _store.Use("second");
        File.WriteAllText(labels, "rubbish");
        ModelSwitch modelSwitch = Switch();
        using LoadedModel first = modelSwitch.LoadFirst();
        Assert.Equal("grocery-81", first.Info.Name);

        File.WriteAllBytes(labels, sound);
        _store.Use("second");

        using LoadedModel? next = modelSwitch.TakeChange();
        Assert.Equal("second", next?.Info.Name);
        _store.Rollback();
        Assert.Equal("grocery-81", _store.NameInUse);
    }

    [Fact]
    public void TheModelBeforeTheDamagedOneComesBeforeTheConfiguredOne()
    {
        string third = ModelCopy.Create(_trained.Path, "third");
        _store.Use("second");
        _store.Use("third");
        Directory.Delete(third, recursive: true);

        AssertStartsWith("second", refused: "third");
    }

    [Fact]
    public void ADamagedChoiceLeavesTheConfiguredModel()
    {
        _store.Use("second");
        File.WriteAllText(Path.Combine(_trained.Path, "in-use.json"), "rubbish");

        AssertStartsWith("grocery-81", refused: "in-use.json");
    }

    [Fact]
    public void AConfiguredModelThatIsMissingIsRefusedWhenNoneWasChosen()
    {
        ModelSwitch modelSwitch = new(new ModelStore(new ModelsOptions { Trained = _trained.Path, Name = "typo" }), folder => ModelFolder.Load(folder, threads: 1));

        Assert.Contains("typo", Assert.Throws<ConfigurationException>(modelSwitch.LoadFirst).Message, StringComparison.Ordinal);
    }

    void AssertStartsWith(string name, string refused)
    {
        ModelSwitch modelSwitch = Switch();
        using LoadedModel first = modelSwitch.LoadFirst();
        Assert.Equal(name, first.Info.Name);
        Assert.Contains(refused, modelSwitch.RefusedAtStart?.Message, StringComparison.Ordinal);
    }

    ModelSwitch Switch() => new(_store, folder => ModelFolder.Load(folder, threads: 1));
}
