using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using EdgeShelf.Models;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Models.Making;

/// <summary>`model eval` as a script and a person see it.</summary>
public sealed class EvalCommandTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheJsonHasTheFieldsThatScriptsRelyOnAndTheReportStandsAlone()
    {
        string list = List(("a.jpg", 5), ("b.jpg", 5), ("c.jpg", 7));

        (int exitCode, string output, string errors) = EdgeShelfProcess.Run("model", "eval", "--model", ModelCopy.Shipped, "--data", list, "--report", _folder.File("report"), "--json");

        Assert.True(exitCode == 0, errors);
        JsonElement document = JsonDocument.Parse(output).RootElement;
        Assert.Equal(3, document.GetProperty("images").GetInt32());
        JsonElement int8 = document.GetProperty("int8");
        Assert.All(["top1", "top3", "ece"], name => Assert.InRange(int8.GetProperty(name).GetDouble(), 0, 1));
        Assert.False(document.TryGetProperty("fp32", out _));
        Assert.All(["reliability.svg", "risk-coverage.svg"], name => Assert.Equal("svg", XDocument.Load(_folder.File($"report/{name}")).Root!.Name.LocalName));
        string page = File.ReadAllText(_folder.File("report/index.html"));
        Assert.Contains("data:image/jpeg;base64,", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme:dark", page, StringComparison.Ordinal);
        // Pictures of noise: the counts above the bars are those of all three, and one product at least was taken for another.
        Assert.Equal(3, XDocument.Load(_folder.File("report/reliability.svg")).Descendants().Where(text => (string?)text.Attribute("class") == "small").Sum(text => int.Parse(text.Value, CultureInfo.InvariantCulture)));
        Assert.Contains("<th class=name>answered as", page, StringComparison.Ordinal);
    }

    [Fact]
    public void AClassThatTheModelDoesNotHaveIsNamedWithItsLine()
    {
        (int exitCode, _, string errors) = EdgeShelfProcess.Run("model", "eval", "--model", ModelCopy.Shipped, "--data", List(("a.jpg", 81)));

        Assert.Equal(2, exitCode);
        Assert.Contains("line 2: class_id is 81; the model has the classes 0 to 80", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingPictureIsNamedWithItsLine()
    {
        string list = _folder.Write("list.csv", "path,class_id\ngone.jpg,1\n");

        (int exitCode, _, string errors) = EdgeShelfProcess.Run("model", "eval", "--model", ModelCopy.Shipped, "--data", list);

        Assert.Equal(2, exitCode);
        Assert.Contains("gone.jpg", errors, StringComparison.Ordinal);
    }

    /// <summary>The promise of at most 0.3 points lost, and of the accuracy that the card tells, on the pictures of devtest.</summary>
    [Fact]
    public void TheShippedModelIsAsGoodOnDevtestAsItsManifestSays()
    {
        Assert.SkipUnless(Checkout.GroceryPictures is not null, "the grocery pictures are not here (EDGESHELF_DATASET)");
        string list = Path.Combine(Checkout.GroceryPictures!, "devtest.csv");

        (int exitCode, string output, string errors) = EdgeShelfProcess.Run("model", "eval", "--model", ModelCopy.Shipped, "--data", list, "--json");

        Assert.True(exitCode == 0, errors);
        double top1 = JsonDocument.Parse(output).RootElement.GetProperty("int8").GetProperty("top1").GetDouble();
        JsonElement measured = ModelFolder.ReadManifest(ModelCopy.Shipped).Measured!.Value;
        Assert.Equal(measured.GetProperty("int8").GetProperty("top1").GetDouble(), top1, 0.005);
        Assert.True(top1 > measured.GetProperty("fp32").GetProperty("top1").GetDouble() - 0.003, $"top-1 is {top1}");
    }

    [Fact]
    public void WhatPassesOfStrangersIsToldInTheJsonTheTextAndTheReport()
    {
        string list = List(("a.jpg", 5), ("b.jpg", 5), ("c.jpg", 7));
        File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(_folder.File("strangers")).FullName, "x.jpg"), PicturesOf.Scene(seed: 9));

        (int exitCode, string output, string errors) = EdgeShelfProcess.Run("model", "eval", "--model", ModelCopy.Shipped, "--data", list, "--strangers", _folder.File("strangers"), "--json");
        Assert.True(exitCode == 0, errors);
        JsonElement strangers = JsonDocument.Parse(output).RootElement.GetProperty("strangers");
        Assert.Equal((1, "confidence"), (strangers.GetProperty("images").GetInt32(), strangers.GetProperty("by").GetString()));
        Assert.InRange(strangers.GetProperty("accepted_at_95").GetDouble(), 0, 1);

        (exitCode, output, errors) = EdgeShelfProcess.Run("model", "eval", "--model", ModelCopy.Shipped, "--data", list, "--hold-out", "--report", _folder.File("report"));
        Assert.True(exitCode == 0, errors);
        Assert.Contains("pictures of strangers pass", output, StringComparison.Ordinal);
        Assert.Contains("pictures of strangers pass", File.ReadAllText(_folder.File("report/index.html")), StringComparison.Ordinal);

        (exitCode, _, errors) = EdgeShelfProcess.Run("model", "eval", "--model", ModelCopy.Shipped, "--data", list, "--hold-out", "--strangers", _folder.File("strangers"));
        Assert.Equal(2, exitCode);
        Assert.Contains("exclude each other", errors, StringComparison.Ordinal);
    }

    string List(params (string Name, int Class)[] pictures)
    {
        for (int index = 0; index < pictures.Length; index++)
            File.WriteAllBytes(_folder.File(pictures[index].Name), PicturesOf.Scene(seed: index));
        return _folder.Write("list.csv", "path,class_id\n" + string.Concat(pictures.Select(picture => $"{picture.Name},{picture.Class}\n")));
    }
}
