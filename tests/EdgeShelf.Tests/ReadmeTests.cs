using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeShelf.Cli;
using EdgeShelf.Configuration;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests;

/// <summary>The READMEs are what people do first; each command, table, example and link in them must be true.</summary>
public sealed partial class ReadmeTests
{
    static readonly string[] Folders = ["src", "tests", "models", "systemd", "scripts"];
    static readonly string Readme = TextOf("README.md");
    static readonly string Settings = TextOf("systemd/README.md");
    static readonly string Publish = TextOf("src/EdgeShelf/Publish/README.md");

    /// <summary>Every Markdown file of the project, as its path from the root.</summary>
    public static TheoryData<string> Documents => [.. Directory.GetFiles(Checkout.Root, "*.md")
        .Concat(Folders.SelectMany(folder => Directory.GetFiles(Path.Combine(Checkout.Root, folder), "*.md", SearchOption.AllDirectories)))
        .Select(file => Path.GetRelativePath(Checkout.Root, file))
        .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "node_modules"))];

    [Fact]
    public void TheTwoCommandsThatDoAllTheSetUpAreThere()
    {
        Assert.Contains("dotnet run --project src/EdgeShelf -c Release -- demo\n", Readme, StringComparison.Ordinal);
        Assert.Contains("scripts/test.sh\n", Readme, StringComparison.Ordinal);
    }

    /// <summary>People read one page. What is longer belongs beside what it documents.</summary>
    [Fact]
    public void TheFrontPageIsOnePageAndEveryOtherIsReachedFromIt()
    {
        Assert.InRange(Readme.Split('\n').Length, 50, 151);
        HashSet<string> reached = [];
        Queue<string> open = new(["README.md"]);
        while (open.TryDequeue(out string? document))
        {
            if (!reached.Add(document) || !document.EndsWith(".md", StringComparison.Ordinal))
                continue;
            string folder = Path.GetDirectoryName(Path.Combine(Checkout.Root, document))!;
            foreach (string target in Link().Matches(TextOf(document)).Select(link => link.Groups["target"].Value.Split('#')[0]).Where(target => target.Length > 0 && !target.Contains(':', StringComparison.Ordinal)))
                open.Enqueue(Path.GetRelativePath(Checkout.Root, Path.GetFullPath(Path.Combine(folder, target))));
        }

        Assert.Empty(Documents.Select(document => document.Data).Except(reached));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void EveryLinkLeadsToAFile(string document)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Checkout.Root, document))!;

        Assert.All(
            Link().Matches(TextOf(document)).Select(link => link.Groups["target"].Value).Where(target => !target.Contains(':', StringComparison.Ordinal)),
            target => Assert.True(Path.Exists(Path.Combine(folder, target.Split('#')[0])), $"{document} links to {target}, which is not there."));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void EveryCommandOfOursIsOneThatTheProgramTakes(string document)
    {
        IEnumerable<string> commands = ShellBlock().Matches(TextOf(document)).SelectMany(block => Command().Matches(block.Groups["text"].Value.Replace("\\\n", " ", StringComparison.Ordinal)))
            .Select(command => command.Groups["arguments"].Value.Split(" #")[0].Split("; ")[0]);

        Assert.All(commands, command => Assert.Empty(CommandLine.Create().Parse(command).Errors));
    }

    [Fact]
    public void EverySettingIsInTheTableAndEveryRowIsASetting()
    {
        string[] settings = [.. ConfigurationCheck.Sections.SelectMany(known => SettingsOf(known.Section, known.Options.Type)).Order()];
        Assert.NotEmpty(settings);
        string[] rows = [.. TableRow().Matches(Settings).SelectMany(row => Rows(row.Groups["names"].Value)).Order()];
        Assert.Equal(settings, rows);
    }

    [Fact]
    public void TheExampleConfigurationsAreValid()
    {
        List<string> examples = [.. JsonBlock().Matches(Settings).Select(block => block.Groups["json"].Value).Where(block => block.Contains("\"Capture\"", StringComparison.Ordinal))];
        using TemporaryFolder folder = new();
        Assert.Equal(2, examples.Count);

        Assert.All(examples, json =>
        {
            (int exitCode, string output, string errors) = EdgeShelfProcess.Run("config", "validate", "--config", folder.Write("edgeshelf.json", json));
            Assert.True(exitCode == ExitCodes.Fine, output + errors);
        });
    }

    [Fact]
    public void TheExampleResultIsOneThatTheDeviceCouldSend()
    {
        string json = JsonBlock().Matches(Readme).Select(block => block.Groups["json"].Value).Single();
        Assert.Contains(json, Publish, StringComparison.Ordinal);

        ResultDocument result = JsonSerializer.Deserialize<ResultDocument>(json, ResultDocument.Json)!;

        Assert.Equal($"{result.Device}-{result.Seq}", result.Id);
        JsonElement again = JsonSerializer.SerializeToElement(result, ResultDocument.Json);
        Assert.Equal(
            JsonDocument.Parse(json).RootElement.EnumerateObject().Select(field => field.Name).Order(),
            again.EnumerateObject().Select(field => field.Name).Order());
    }

    [Fact]
    public void EveryVerbThatItNamesExists()
    {
        string[] verbs = [.. Verb().Matches(Readme).Select(match => match.Groups["verb"].Value).Distinct()];
        Assert.Contains("classify", verbs);
        (_, string help, _) = EdgeShelfProcess.Run("--help");
        Assert.All(verbs, verb => Assert.Contains($"\n  {verb}", help, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryTypeOfEventIsInTheReadmeAndInTheSchema()
    {
        string[] types = [.. typeof(EventTypes).GetFields().Select(type => (string)type.GetRawConstantValue()!)];
        string schema = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "schemas", "event.schema.json"));
        Assert.NotEmpty(types);

        Assert.All(types, type =>
        {
            Assert.Contains($"`{type}`", Publish, StringComparison.Ordinal);
            Assert.Contains(type, schema, StringComparison.Ordinal);
        });
    }

    static string TextOf(string document) => File.ReadAllText(Path.Combine(Checkout.Root, document));

    static IEnumerable<string> SettingsOf(string path, Type type)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            Type value = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            bool isSection = value.IsClass && value != typeof(string) && !typeof(IEnumerable).IsAssignableFrom(value);
            foreach (string setting in isSection ? SettingsOf($"{path}:{property.Name}", value) : [$"{path}:{property.Name}"])
                yield return setting;
        }
    }

    /// <summary>`A:B`, `C` in one row stand for A:B and A:C.</summary>
    static IEnumerable<string> Rows(string names)
    {
        string[] parts = [.. names.Split(',').Select(name => name.Trim(' ', '`'))];
        string section = parts[0][..parts[0].LastIndexOf(':')];
        return [parts[0], .. parts[1..].Select(name => $"{section}:{name}")];
    }

    [GeneratedRegex(@"^\| (?<names>`[A-Z]\w+:[^|]+`) \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"```json\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^ *```sh\n(?<text>.*?)```|(?<=\n\n)(?<text>(?:    [^\n]*\n)+)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex(@"^ *(?:sudo )?edgeshelf (?<arguments>[^\n]*)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"^edgeshelf (?<verb>[a-z]+)", RegexOptions.Multiline)]
    private static partial Regex Verb();
}
