using EdgeShelf.Tests.Support;
using NetArchTest.Rules;

namespace EdgeShelf.Tests;

/// <summary>The arrows between the folders of src/EdgeShelf go one way. What is not named here is forbidden.</summary>
public sealed class ArrowsTests
{
    const string Root = "EdgeShelf";

    /// <summary>Each folder and the folders that it may use. `Platform` may be used by all.</summary>
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Platform"] = [],
        ["Shelf"] = [],
        ["Pictures"] = ["Shelf"],
        ["Models"] = ["Shelf", "Pictures"],
        ["Recognition"] = ["Shelf", "Pictures", "Models"],
        ["Teaching"] = ["Shelf", "Pictures", "Models", "Recognition"],
        ["Capture"] = ["Shelf"],
        ["Publish"] = ["Shelf"],
        ["Fleet"] = ["Shelf", "Pictures", "Models", "Recognition", "Teaching", "Publish"],
        ["Logging"] = ["Shelf"],
        ["Systemd"] = ["Shelf", "Capture", "Recognition"],
        ["Web"] = ["Shelf", "Pictures", "Models", "Recognition", "Teaching", "Capture", "Publish"],
        ["Configuration"] = ["Shelf", "Pictures", "Models", "Recognition", "Teaching", "Capture", "Publish", "Logging", "Web", "Fleet"],
    };

    /// <summary>The folders on top of all others: the composition root belongs to them.</summary>
    static readonly string[] Top = ["Doctor", "Cli"];

    public static TheoryData<string> Folders => [.. Allowed.Keys];

    [Fact]
    public void EveryFolderIsNamedHere()
    {
        IEnumerable<string> folders = Directory.GetDirectories(Path.Combine(Checkout.Root, "src", Root))
            .Select(folder => Path.GetFileName(folder)!).Where(name => name is not ("bin" or "obj"));

        Assert.Equal(Allowed.Keys.Concat(Top).Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void AFolderUsesOnlyWhatItMay(string folder)
    {
        string[] forbidden =
        [
            .. Allowed.Keys.Concat(Top).Except([folder, "Platform", .. Allowed[folder]]).Select(other => $"{Root}.{other}"),
            typeof(ShelfWorker).FullName!, typeof(EdgeShelfHost).FullName!,
        ];
        PredicateList types = Types.InAssembly(typeof(ShelfWorker).Assembly).That().ResideInNamespace($"{Root}.{folder}");

        Assert.NotEmpty(types.GetTypes());
        // All but nothing of these is what each type does without.
        NetArchTest.Rules.TestResult result = types.ShouldNot().HaveDependencyOnAny(forbidden).GetResult();
        Assert.True(result.IsSuccessful, string.Join("\n", result.FailingTypes.Select(type => $"{type.FullName} uses what {folder} may not: {type.Explanation}")));
    }

    /// <summary>A reference that compiles away, to a constant or in a comment, is an arrow too.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void AFoldersSourceNamesOnlyWhatItMay(string folder)
    {
        string[] files = Directory.GetFiles(Path.Combine(Checkout.Root, "src", Root, folder), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            foreach (string line in File.ReadLines(file).Where(line => line.StartsWith($"using {Root}.", StringComparison.Ordinal)))
            {
                string used = line[$"using {Root}.".Length..].TrimEnd(';').Split('.')[0];
                Assert.True(used == folder || used == "Platform" || Allowed[folder].Contains(used), $"{file} has `{line}`; {folder} may use {string.Join(", ", Allowed[folder].Append("Platform"))}.");
            }
        }
    }
}
