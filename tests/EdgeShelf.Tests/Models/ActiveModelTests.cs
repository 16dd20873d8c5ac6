using EdgeShelf.Models;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Models;

public sealed class ActiveModelTests : IDisposable
{
    readonly TemporaryFolder _trained = new();
    readonly List<ActiveModel> _opened = [];

    public ActiveModelTests() => ModelCopy.Create(_trained.Path, "second");

    public void Dispose()
    {
        foreach (ActiveModel opened in _opened)
            opened.Dispose();
        _trained.Dispose();
    }

    [Fact]
    public void WithoutAChoiceTheConfiguredModelIsInUse()
    {
        Assert.Equal("grocery-81", Open().Name);
        Assert.Contains("second", new ModelStore(Options()).Names());
        Assert.Contains("grocery-81", new ModelStore(Options()).Names());
    }

    [Fact]
    public void ARollbackPutsBackWhatWasInUse()
    {
        ActiveModel models = Open();
        models.Use("second");
        Assert.Equal("second", models.Name);

        models.Rollback();

        Assert.Equal("grocery-81", models.Name);
    }

    [Fact]
    public void ADamagedModelIsNotPutInUse()
    {
        File.WriteAllText(Path.Combine(_trained.Path, "second", ModelManifest.ModelFileName), "rubbish");

        Assert.Throws<ConfigurationException>(() => Open().Use("second"));

        Assert.Equal("grocery-81", Open().Name);
    }

    [Theory]
    [InlineData("third")]
    [InlineData("../second")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("/etc")]
    [InlineData("a\0b")]
    public void AnUnknownModelOrAWayOutOfTheFolderIsNamedAndNotTaken(string name)
    {
        ModelCopy.Create(Path.Combine(_trained.Path, ".."), "second");
        Assert.Contains(name, Assert.Throws<ConfigurationException>(() => Open().Use(name)).Message, StringComparison.Ordinal);
        Assert.Equal("grocery-81", Open().Name);
        Directory.Delete(Path.Combine(_trained.Path, "..", "second"), recursive: true);
    }

    [Fact]
    public void ARunningServiceTakesWhatAnotherProcessChoseOnce()
    {
        ActiveModel service = Open();
        List<(string From, string To)> changes = [];
        service.Changed += (from, to) => changes.Add((from.Name, to.Name));
        Assert.Equal("grocery-81", service.Info.Name);
        service.Refresh();
        Assert.Empty(changes);

        Open().Use("second");
        service.Refresh();
        service.Refresh();

        Assert.Equal([("grocery-81", "second")], changes);
        Assert.Equal("second", service.Info.Name);
    }

    [Fact]
    public void AModelThatIsRunStaysLoadedWhenAnotherTakesItsPlace()
    {
        ActiveModel service = Open();
        using (ModelLease lease = service.Rent())
        {
            service.Use("second");

            Assert.Equal("second", service.Info.Name);
            Assert.Equal("grocery-81", lease.Model.Info.Name);
            byte[] crop = new byte[lease.Model.Preprocessor.CropLength];
            using var tensor = lease.Model.Preprocessor.ToTensor(crop);
            Assert.Equal(lease.Model.Labels.Count, lease.Model.Network.Run(tensor).Logits.Length);
        }
    }

    [Fact]
    public void AfterTheEndNobodyGetsAModel()
    {
        ActiveModel service = Open();
        service.Rent().Dispose();
        service.Dispose();

        Assert.Throws<ObjectDisposedException>(service.Rent);
    }

    [Fact]
    public void AModelThatBreaksAfterItWasChosenIsRefusedOnceAndNotTriedAgain()
    {
        ActiveModel service = Open();
        List<string> refused = [];
        service.Refused += problem => refused.Add(problem.Message);
        Assert.Equal("grocery-81", service.Info.Name);
        Open().Use("second");
        File.WriteAllText(Path.Combine(_trained.Path, "second", ModelManifest.LabelsFileName), "rubbish");

        service.Refresh();
        service.Refresh();

        Assert.Contains("second", Assert.Single(refused), StringComparison.Ordinal);
        Assert.Equal("grocery-81", service.Info.Name);
        Assert.Equal(refused[0], service.Problem?.Message);
    }

    [Fact]
    public void AModelThatIsMendedAndChosenAgainIsTaken()
    {
        string labels = Path.Combine(_trained.Path, "second", ModelManifest.LabelsFileName);
        byte[] sound = File.ReadAllBytes(labels);
        Open().Use("second");
        File.WriteAllText(labels, "rubbish");
        ActiveModel service = Open();
        Assert.Equal("grocery-81", service.Info.Name);

        File.WriteAllBytes(labels, sound);
        Open().Use("second");
        service.Refresh();

        Assert.Equal("second", service.Info.Name);
        Assert.Null(service.Problem);
        service.Rollback();
        Assert.Equal("grocery-81", service.Info.Name);
    }

    [Fact]
    public void TheModelBeforeTheDamagedOneComesBeforeTheConfiguredOne()
    {
        string third = ModelCopy.Create(_trained.Path, "third");
        Open().Use("second");
        Open().Use("third");
        Directory.Delete(third, recursive: true);

        AssertStartsWith("second", refused: "third");
    }

    [Fact]
    public void ADamagedChoiceLeavesTheConfiguredModel()
    {
        Open().Use("second");
        File.WriteAllText(Path.Combine(_trained.Path, "in-use.json"), "rubbish");

        AssertStartsWith("grocery-81", refused: "in-use.json");
    }

    [Fact]
    public void AConfiguredModelThatIsMissingIsRefusedWhenNoneWasChosen()
    {
        using ActiveModel models = new(new ModelsOptions { Trained = _trained.Path, Name = "typo" }, Load);

        Assert.Contains("typo", Assert.Throws<ConfigurationException>(models.Rent).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANetworkThatFailsWithThreePicturesInARowIsReplacedByTheOneBeforeUntilItIsChosenAgain()
    {
        Open().Use("second");
        ActiveModel service = Open();
        List<string> told = [];
        service.Changed += (from, to) => told.Add($"{from.Name} to {to.Name}");
        service.Refused += problem => told.Add(problem.Message);
        FailWith(service, 2);
        using (ModelLease lease = service.Rent())
            service.Succeeded(lease);
        FailWith(service, 2);
        Assert.Empty(told);

        FailWith(service, 1);

        Assert.Equal(["second to grocery-81", "The model second 2.0.0 failed with 3 pictures in a row: boom"], told);
        Assert.Equal("grocery-81", service.Info.Name);
        Assert.NotNull(service.Problem);
        service.Refresh();
        AssertStartsWith("grocery-81", refused: "failed with 3 pictures");
        FailWith(service, 20);
        Assert.Equal("grocery-81", service.Info.Name);

        Open().Use("second");
        service.Refresh();
        Assert.Equal("second", service.Info.Name);
        Assert.Null(service.Problem);
        Assert.Equal("second", Open().Info.Name);
    }

    /// <summary>A model that failed is no refuge for one that fails later.</summary>
    [Fact]
    public void AFailedModelIsNotTakenInPlaceOfAnother()
    {
        ModelCopy.Create(_trained.Path, "third");
        Open().Use("second");
        ActiveModel service = Open();
        FailWith(service, ActiveModel.MaxFailures);
        Assert.Equal("grocery-81", service.Info.Name);
        service.Use("third");

        FailWith(service, ActiveModel.MaxFailures);

        Assert.Equal("grocery-81", service.Info.Name);
        AssertStartsWith("grocery-81", refused: "third");
        Assert.Contains("second", Open().FailureOf("second"), StringComparison.Ordinal);
    }

    static void FailWith(ActiveModel service, int pictures)
    {
        for (int i = 0; i < pictures; i++)
        {
            using ModelLease lease = service.Rent();
            service.Failed(lease, new NetworkException("boom", ""));
        }
    }

    void AssertStartsWith(string name, string refused)
    {
        ActiveModel service = Open();
        Assert.Equal(name, service.Info.Name);
        Assert.Contains(refused, service.Problem?.Message, StringComparison.Ordinal);
    }

    /// <summary>As one process has it.</summary>
    ActiveModel Open()
    {
        ActiveModel opened = new(Options(), Load);
        _opened.Add(opened);
        return opened;
    }

    ModelsOptions Options() => new() { Trained = _trained.Path };

    static LoadedModel Load(string folder) => ModelFolder.Load(folder, threads: 1);
}
