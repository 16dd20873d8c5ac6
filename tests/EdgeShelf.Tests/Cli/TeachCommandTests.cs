using System.Text.Json;
using EdgeShelf.Cli;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Cli;

public sealed class TeachCommandTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _models;

    public TeachCommandTests()
    {
        _models = TinyModel.WriteTo(_folder.File("models"));
        for (int i = 0; i < 4; i++)
            File.WriteAllBytes(_folder.File($"{i}.jpg"), TeachingShelf.Swatch(i));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AProductIsTaughtFromPicturesAndTakenBack()
    {
        File.WriteAllText(_folder.File("broken.jpg"), "no picture");

        (int exitCode, string output, string errors) = await RunAsync(
            "teach", "--label", "Nästgård <b>mjölk</b>", "--name", "Milk", "--gtin", "4006381333931", "--slot", "2-01", _folder.File("0.jpg"), _folder.File("1.jpg"), _folder.File("broken.jpg"));

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("2 examples", output, StringComparison.Ordinal);
        Assert.Contains("broken.jpg", errors, StringComparison.Ordinal);
        JsonElement product = Assert.Single((await JsonAsync("product", "list", "--json")).EnumerateArray());
        Assert.Equal(("Nästgård <b>mjölk</b>", "Milk", "4006381333931", 2), (
            product.GetProperty("label").GetString(), product.GetProperty("name").GetString(), product.GetProperty("gtin").GetString(), product.GetProperty("examples").GetInt32()));
        (exitCode, output, _) = await RunAsync("product", "undo");
        Assert.Equal(ExitCodes.Fine, exitCode);
        Assert.Contains("Taken back: Taught", output, StringComparison.Ordinal);
        Assert.Empty((await JsonAsync("product", "list", "--json")).EnumerateArray());
    }

    [Fact]
    public async Task AProductIsShownRenamedMergedAndRemoved()
    {
        await RunAsync("teach", "-l", "milk", _folder.File("0.jpg"));
        await RunAsync("teach", "-l", "juice", "--yes", _folder.File("1.jpg"));

        JsonElement shown = await JsonAsync("product", "show", "milk", "--json");
        Assert.Equal((1, false), (shown.GetProperty("examples").GetInt32(), shown.GetProperty("enough").GetBoolean()));
        Assert.Equal(ExitCodes.Fine, (await RunAsync("product", "rename", "milk", "milch", "--yes")).ExitCode);
        Assert.Equal(ExitCodes.Fine, (await RunAsync("product", "merge", "juice", "milch", "--yes")).ExitCode);
        Assert.Equal(2, Assert.Single((await JsonAsync("product", "list", "--json")).EnumerateArray()).GetProperty("examples").GetInt32());
        (int exitCode, string output, _) = await RunAsync("product", "show", "milch");
        Assert.Equal(ExitCodes.Fine, exitCode);
        Assert.Contains("2 examples", output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Fine, (await RunAsync("product", "remove", "milch")).ExitCode);
        (exitCode, _, string errors) = await RunAsync("product", "remove", "milch");
        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("no taught product milch", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsExportedIsImportedElsewhere()
    {
        await RunAsync("teach", "-l", "milk", _folder.File("0.jpg"));
        Assert.Equal(ExitCodes.Fine, (await RunAsync("product", "export", _folder.File("out"))).ExitCode);
        File.Delete(_folder.File("state/examples.db"));

        JsonElement imported = await JsonAsync("product", "import", _folder.File("out"), "--json");

        Assert.Equal("milk", Assert.Single(imported.GetProperty("added").EnumerateArray()).GetProperty("label").GetString());
        Assert.Equal("import", imported.GetProperty("step").GetProperty("kind").GetString());
        // Once more brings nothing new, and that is no failure.
        (int exitCode, string output, _) = await RunAsync("product", "import", _folder.File("out"));
        Assert.Equal(ExitCodes.Fine, exitCode);
        Assert.Contains("Nothing was changed", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("teach", "--label", "..", "{0}")]
    [InlineData("teach", "--label", "milk", "--slot", "../x", "{0}")]
    [InlineData("teach", "--label", "milk", "--gtin", "12", "{0}")]
    [InlineData("product", "merge", "nobody", "milk")]
    [InlineData("product", "undo")]
    [InlineData("product", "import", "/nonexistent")]
    public async Task AWrongCommandSaysWhatToDo(params string[] arguments)
    {
        (int exitCode, _, string errors) = await RunAsync([.. arguments.Select(argument => argument.Replace("{0}", _folder.File("0.jpg"), StringComparison.Ordinal))]);

        Assert.NotEqual(ExitCodes.Fine, exitCode);
        Assert.StartsWith("edgeshelf: ", errors, StringComparison.Ordinal);
        Assert.Contains('\n', errors.Trim());
    }

    [Fact]
    public async Task ABlackPictureTeachesNothing()
    {
        File.WriteAllBytes(_folder.File("black.png"), PicturesOf.Plain(SKColors.Black, format: SKEncodedImageFormat.Png));
        (int exitCode, _, string errors) = await RunAsync("teach", "-l", "milk", _folder.File("black.png"));
        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("black", errors, StringComparison.Ordinal);
    }

    async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        (int exitCode, string output, string errors) = await RunAsync(arguments);
        Assert.True(exitCode == ExitCodes.Fine, errors);
        return JsonSerializer.Deserialize<JsonElement>(output);
    }

    /// <summary>The places that expect the old label would not be checked any more, and a missing product there would raise no alarm.</summary>
    [Fact]
    public async Task AProductThatThePlanogramExpectsIsNotRenamedByTheVerbUnseen()
    {
        await RunAsync("slots", "set", _folder.Write("slots.csv", "slot,shelf,x,y,width,height,label\n1-01,1,0,0,0.5,1,milk\n1-02,1,0.5,0,0.5,1,milk\n"));
        await RunAsync("teach", "-l", "milk", "--slot", "1-01", _folder.File("0.jpg"));

        (int exitCode, _, string errors) = await RunAsync("product", "rename", "milk", "milch");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("The planogram expects milk in 1-01, 1-02.", errors, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Fine, (await RunAsync("product", "rename", "milk", "milch", "--yes")).ExitCode);
    }

    [Fact]
    public async Task ASlotThatTheDeviceDoesNotHaveIsRefused()
    {
        await RunAsync("slots", "set", _folder.Write("slots.csv", "slot,shelf,x,y,width,height\n1-01,1,0,0,0.5,1\n"));

        (int exitCode, _, string errors) = await RunAsync("teach", "-l", "milk", "--slot", "9-99", _folder.File("0.jpg"));

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("There is no slot 9-99.", errors, StringComparison.Ordinal);
    }

    /// <summary>What a script gives whose variable is not set.</summary>
    [Theory]
    [InlineData("teach", "-l", "milk", "")]
    [InlineData("classify", "")]
    [InlineData("product", "export", "")]
    [InlineData("slots", "set", "slots.csv", "--picture", "")]
    public async Task AnEmptyNameIsRefused(params string[] arguments)
    {
        (int exitCode, _, string errors) = await InProcess.RunAsync(arguments);

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.Contains("is empty. Name a file", errors.ReplaceLineEndings(" ").Replace("   ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => InProcess.RunAsync(
        [.. arguments, "--set", $"Shelf:State={_folder.File("state")}", "--set", $"Models:Trained={_models}", "--set", $"Models:Name={TinyModel.Name}"]);
}
