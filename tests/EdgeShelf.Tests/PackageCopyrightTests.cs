using System.IO.Enumeration;
using System.Text.Json;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests;

/// <summary>`scripts/debian/copyright` names the licence of each library in the package and in its program.</summary>
public sealed class PackageCopyrightTests
{
    const string Program = "usr/lib/edgeshelf/";

    [Fact]
    public void EachLibraryOfSomebodyElseIsNamed()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Checkout.Root, "scripts", "debian", "copyright"));
        string[] named =
        [
            .. lines.Where(line => line.StartsWith("Files: ", StringComparison.Ordinal)).Select(line => line["Files: ".Length..])
                .Where(pattern => pattern.StartsWith(Program, StringComparison.Ordinal)).Select(pattern => pattern[Program.Length..]),
            // The managed libraries are compiled into one file, whose paragraph has a line for each of their authors.
            .. lines.SkipWhile(line => line != $"Files: {Program}edgeshelf").Skip(2).TakeWhile(line => line.StartsWith(' ')).SelectMany(line => line[..line.IndexOf(':', StringComparison.Ordinal)].Trim().Split(' ')),
        ];
        string[] libraries = [.. Libraries()];

        Assert.Contains("MQTTnet.dll", libraries);
        Assert.All(libraries, library => Assert.Contains(named, pattern => FileSystemName.MatchesSimpleExpression(pattern, library, ignoreCase: false)));
    }

    /// <summary>The managed libraries beside the program, and the native ones that a device can load.</summary>
    static IEnumerable<string> Libraries()
    {
        using JsonDocument dependencies = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "edgeshelf.deps.json")));
        foreach (JsonProperty library in dependencies.RootElement.GetProperty("targets").EnumerateObject().Single().Value.EnumerateObject().Where(library => !library.Name.StartsWith("edgeshelf/", StringComparison.Ordinal)))
        {
            if (library.Value.TryGetProperty("runtime", out JsonElement managed))
            {
                foreach (JsonProperty file in managed.EnumerateObject())
                    yield return Path.GetFileName(file.Name);
            }
            if (library.Value.TryGetProperty("runtimeTargets", out JsonElement native))
            {
                foreach (JsonProperty file in native.EnumerateObject().Where(file => file.Value.GetProperty("rid").GetString() == "linux-arm64" && !file.Name.Contains("_providers_", StringComparison.Ordinal)))
                    yield return Path.GetFileName(file.Name);
            }
        }
    }
}
