using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeShelf.Capture;
using EdgeShelf.Teaching.Figures;
using EdgeShelf.Tests.Support;
using EdgeShelf.Web;

namespace EdgeShelf.Tests.Web;

/// <summary>The words of the page: one place, four languages, nothing missing in any of them.</summary>
public sealed partial class PageTextsTests
{
    /// <summary>What looks like words in a module and is none: keys of the keyboard, names of headers and errors, commands, and the product's name.</summary>
    static readonly string[] NoWords = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "Enter", "Escape", "Delete", "Backspace", "Tab", "Content-Type", "Accept", "BarcodeDetector", "NotAllowedError", "EdgeShelf", "GET", "POST", "PUT", "PATCH", "DELETE", "NFC", "NFKD", "sudo edgeshelf pair", "sudo edgeshelf config show", "--reveal-token"];

    static readonly string Page = Path.Combine(Checkout.Root, "src", "EdgeShelf", "Web", "Page");

    public static TheoryData<string> Languages => [.. PageTexts.Languages];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void ThePageSpeaksFourLanguages() => Assert.Equal(["de", "en", "sv", "zh"], PageTexts.Languages);

    [Theory]
    [MemberData(nameof(Languages))]
    public void EachLanguageHasTheSameTextsWithTheSamePlaceholders(string language)
    {
        IReadOnlyDictionary<string, JsonElement> english = PageTexts.Of("en"), other = PageTexts.Of(language);

        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), other.Keys.Order(StringComparer.Ordinal));
        foreach ((string key, JsonElement text) in other)
        {
            Assert.Equal((key, english[key].ValueKind), (key, text.ValueKind));
            // A text whose number is always one may do without it, so the form "other" is the one that counts.
            Assert.Equal((key, string.Join(",", Placeholders(FormOfMany(english[key])))), (key, string.Join(",", Placeholders(FormOfMany(text)))));
            Assert.All(Forms(text), form => Assert.False(string.IsNullOrWhiteSpace(form), key));
            if (text.ValueKind == JsonValueKind.Object)
                Assert.Equal((key, language == "zh" ? "other" : "one,other"), (key, string.Join(",", text.EnumerateObject().Select(form => form.Name).Order(StringComparer.Ordinal))));
        }
    }

    [Fact]
    public void TheKeysInTheFilesAreInTheSameOrder()
    {
        string[][] orders = [.. PageTexts.Languages.Select(language => (string[])[.. PageTexts.Of(language).Keys])];

        Assert.All(orders, order => Assert.Equal(orders[0], order));
    }

    [Fact]
    public async Task NoTextStandsInTheHtml()
    {
        string[] files = Directory.GetFiles(Page, "*.html", SearchOption.AllDirectories);
        Assert.Equal(["index.html", "login.html"], files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (string file in files)
        {
            string html = await File.ReadAllTextAsync(file, Cancellation);
            string[] shown = [.. TextNode().Matches(html).Concat(WordAttribute().Matches(html)).Select(match => match.Groups["text"].Value.Trim())];
            int least = Path.GetFileName(file) == "index.html" ? 150 : 10;
            Assert.True(shown.Length > least, $"only {shown.Length} texts found in {file}");
            Assert.Empty(shown.Where(text => Placeholder().Replace(text, "").Any(char.IsLetter)).Except(NoWords));
        }
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task TheLoginSpeaksTheLanguageOfTheBrowser(string language)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", "{folder}/token"));
        using HttpRequestMessage request = new(HttpMethod.Get, "/login");
        request.Headers.Add("Accept-Language", language);

        using HttpResponseMessage response = await shelf.Http.SendAsync(request, Cancellation);
        string html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Cancellation));

        Assert.Contains($"<html lang=\"{PageTexts.Of(language)["language.tag"].GetString()}\">", html, StringComparison.Ordinal);
        Assert.Contains($">{PageTexts.Of(language)["login.open"].GetString()}</button>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", html, StringComparison.Ordinal);
        Assert.Contains("Accept-Language", response.Headers.Vary);
    }

    [Fact]
    public void EachFailureOfACameraIsSaidInTheLanguageOfThePage()
    {
        string[] codes = [.. Directory.GetFiles(Path.Combine(Checkout.Root, "src", "EdgeShelf", "Capture"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => CaptureCode().Matches(File.ReadAllText(file))).Select(match => match.Groups["code"].Value).Append(CaptureException.NoCamera).Distinct()];
        Assert.True(codes.Length > 5, $"only {codes.Length} codes found");

        Assert.Equal([], codes.Where(code => !PageTexts.Of("en").ContainsKey($"problem.{code}")));
    }

    [Fact]
    public void EachAdviceOnTeachingIsSaidInTheLanguageOfThePage()
    {
        string[] keys = [.. Codes(typeof(AdviceCodes)).Select(code => $"advice.{code}"), .. Codes(typeof(SameProductCodes)).Select(code => $"twin.{code}")];
        Assert.True(keys.Length > 10, $"only {keys.Length} codes found");

        Assert.Equal([], keys.Where(key => !PageTexts.Of("en").ContainsKey(key)));

        static IEnumerable<string> Codes(Type codes) => codes.GetFields().Select(code => (string)code.GetRawConstantValue()!);
    }

    [Fact]
    public async Task NoTextStandsInAModule()
    {
        string[] files = Directory.GetFiles(Page, "*.js", SearchOption.AllDirectories);
        Assert.True(files.Length > 40, $"only {files.Length} modules found");
        List<string> words = [];
        foreach (string file in files)
        {
            string code = string.Join("\n", (await File.ReadAllLinesAsync(file, Cancellation)).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && !line.StartsWith("import ", StringComparison.Ordinal))
                .Select(line => ClassNames().Replace(TrailingComment().Replace(line, ""), "")));
            // A sentence, or a word that begins with a capital letter. Selectors, paths and keys of texts have neither.
            words.AddRange(Literal().Matches(code).Select(match => match.Groups["text"].Value).Select(text => Inserted().Replace(text, ""))
                .Where(text => Sentence().IsMatch(text) && !NoWords.Contains(text.Trim())).Select(text => $"{Path.GetRelativePath(Page, file)}: {text}"));
        }

        Assert.Empty(words);
    }

    [Fact]
    public async Task EachTextIsUsedAndEachUsedTextIsThere()
    {
        HashSet<string> used = [], prefixes = [];
        foreach (string file in Directory.GetFiles(Page, "*.js", SearchOption.AllDirectories).Concat(Directory.GetFiles(Page, "*.html")))
        {
            string text = await File.ReadAllTextAsync(file, Cancellation);
            used.UnionWith(Placeholder().Matches(text).Select(match => match.Groups["key"].Value).Where(key => key != "texts"));
            foreach (Match call in Call().Matches(text))
                used.UnionWith(QuotedKey().Matches(call.Value).Select(match => match.Groups["key"].Value));
            used.UnionWith(KeyElsewhere().Matches(text).Select(match => match.Groups["key"].Value).Where(PageTexts.Of("en").ContainsKey));
            prefixes.UnionWith(KeyPrefix().Matches(text).Select(match => match.Groups["prefix"].Value));
        }
        Assert.True(used.Count > 300, $"only {used.Count} keys found");
        Assert.NotEmpty(prefixes);

        string[] known = [.. PageTexts.Of("en").Keys];
        Assert.Empty(used.Except(known));
        string[] unused = [.. known.Except(used).Where(key => key != "language.name" && !prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)))];
        Assert.Equal([], unused);
    }

    [Theory]
    [InlineData("sv-SE,sv;q=0.9,en;q=0.8", null, "sv")]
    [InlineData("fr, de-AT;q=0.7, en;q=0.3", null, "de")]
    [InlineData("zh-CN,zh;q=0.9", null, "zh")]
    [InlineData("en;q=0.1, zh;q=0", null, "en")]
    [InlineData("fi", null, "en")]
    [InlineData("", null, "en")]
    [InlineData(";;q=,", null, "en")]
    [InlineData("sv", "zh", "zh")]
    [InlineData("sv", "<b>", "sv")]
    public async Task TheBrowserDecidesUnlessSomebodyChoseOnThePage(string accepted, string? chosen, string expected)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        if (chosen is not null)
            request.Headers.Add("Cookie", $"{PageTexts.Cookie}={chosen}");

        using HttpResponseMessage response = await shelf.Http.SendAsync(request, Cancellation);
        string html = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.Contains($"<html lang=\"{PageTexts.Of(expected)["language.tag"].GetString()}\">", html, StringComparison.Ordinal);
        Assert.Contains($"<h2 id=\"now-title\">{WebUtility.HtmlEncode(PageTexts.Of(expected)["now.title"].GetString())}</h2>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", html, StringComparison.Ordinal);
        Assert.Contains("Accept-Language", response.Headers.Vary);
    }

    static string FormOfMany(JsonElement text) => text.ValueKind == JsonValueKind.Object ? text.GetProperty("other").GetString()! : text.GetString()!;

    static IEnumerable<string> Forms(JsonElement text) => text.ValueKind == JsonValueKind.Object ? text.EnumerateObject().Select(form => form.Value.GetString()!) : [text.GetString()!];

    static IEnumerable<string> Placeholders(string text) => Name().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Name();

    [GeneratedRegex(@"\{\{(?<key>[a-z0-9.-]+)\}\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@">(?<text>[^<>]*[^<>\s][^<>]*)<")]
    private static partial Regex TextNode();

    [GeneratedRegex("""\b(aria-label|title|placeholder|alt)="(?<text>[^"]+)""")]
    private static partial Regex WordAttribute();

    [GeneratedRegex("""(?<quote>["`])(?<text>(?:\\.|(?!\k<quote>)[^\\\n])*)\k<quote>""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\$\{[^}]*\}")]
    private static partial Regex Inserted();

    [GeneratedRegex("className: \"[^\"]*\"")]
    private static partial Regex ClassNames();

    [GeneratedRegex(@"\s+// .*$")]
    private static partial Regex TrailingComment();

    [GeneratedRegex(@"^\s*[A-Z][a-z]|[a-z,]{2,} [a-z]{2,} [a-z]{2,}")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"new CaptureException\(\s*""(?<code>[a-z-]+)""")]
    private static partial Regex CaptureCode();

    [GeneratedRegex(@"\bt\((?:[^()]|\([^()]*\))*")]
    private static partial Regex Call();

    [GeneratedRegex("""(?<=\bt\(|[?:] )"(?<key>[a-z0-9-]+(\.[a-z0-9-]+)*)"(?=[,) ]|$)""")]
    private static partial Regex QuotedKey();

    [GeneratedRegex(""""(?<key>[a-z0-9-]+\.[a-z0-9.-]+)"""")]
    private static partial Regex KeyElsewhere();

    [GeneratedRegex(@"`(?<prefix>[a-z-]+(\.[a-z-]+)*[.-])\$\{")]
    private static partial Regex KeyPrefix();
}
