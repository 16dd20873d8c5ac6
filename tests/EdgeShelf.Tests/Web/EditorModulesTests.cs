using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Web;

/// <summary>The parts of the editor that know nothing of the screen: `Browser/drawing.mjs` has what must hold.</summary>
public sealed class EditorModulesTests
{
    [Fact]
    public Task UndoTakesBackEachStepAndNothingElse() => HoldsAsync("undo");

    [Fact]
    public Task AGridFillsItsAreaAndNamesItsPlaces() => HoldsAsync("grid");

    [Fact]
    public Task NewPlacesGetAShelfANameAndANumberAndTheStoresNumbersStay() => HoldsAsync("names");

    [Fact]
    public Task TheDocumentsHoldWhatTheDeviceTakesAndLoseNoProductOfTheStore() => HoldsAsync("documents");

    static async Task HoldsAsync(string check)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        await BrowserChecks.RunAsync(shelf, "drawing.mjs", check);
    }
}
