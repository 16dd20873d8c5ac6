using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EdgeShelf.Web;

/// <summary>
/// The texts of the page: `Page/texts/LANGUAGE.json` has each under a key. HTML names a text as `{{key}}`, modules ask `texts.js` for it. A text with a
/// number has its plural forms (Unicode CLDR) instead of one text.
/// </summary>
static partial class PageTexts
{
    /// <summary>The cookie with the language that somebody chose on the page. Without it the browser's `Accept-Language` decides.</summary>
    public const string Cookie = "edgeshelf-language";

    const string Folder = "texts/";
    const string Default = "en";

    /// <summary>The key in <see cref="Fill"/> that stands for the texts themselves, for the modules.</summary>
    const string All = "texts";

    static readonly WebJson Readable = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) });

    static readonly Dictionary<string, Dictionary<string, JsonElement>> Texts = PageFiles.Names()
        .Where(file => file.StartsWith(Folder, StringComparison.Ordinal))
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file), file => JsonSerializer.Deserialize(PageFiles.Read(file), WebJson.Default.DictionaryStringJsonElement)!);

    /// <summary>The languages that the page speaks, as BCP 47 tags.</summary>
    public static IEnumerable<string> Languages => Texts.Keys.Order(StringComparer.Ordinal);

    /// <summary>The texts of a language by key: strings, or objects with plural forms.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Of(string language) => Texts[language];

    /// <summary>The language for a request: the one that was chosen on the page, or the first one of the browser that the page speaks, or English.</summary>
    public static string LanguageOf(HttpRequest request)
    {
        if (request.Cookies[Cookie] is { } chosen && Texts.ContainsKey(chosen))
            return chosen;
        IEnumerable<string> wanted = StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out IList<StringWithQualityHeaderValue>? languages)
            ? languages.Where(language => language.Quality is not 0).OrderByDescending(language => language.Quality ?? 1).Select(language => language.Value.ToString())
            : [];
        return wanted.Select(tag => Texts.Keys.FirstOrDefault(language => tag.Split('-')[0].Equals(language, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(language => language is not null) ?? Default;
    }

    /// <summary>Replaces each `{{key}}` of a page by its text, and `{{texts}}` by all texts as JSON.</summary>
    /// <exception cref="InvalidOperationException">There is no text under a key.</exception>
    public static string Fill(string html, string language) => Placeholder().Replace(html, match => match.Groups["key"].Value is var key && key == All
        ? JsonSerializer.Serialize(new TextsOfPage(language, Texts.ToDictionary(each => each.Key, each => each.Value["language.name"]), Texts[language]), Readable.TextsOfPage)
        : Texts[language].GetValueOrDefault(key) is { ValueKind: JsonValueKind.String } text ? WebUtility.HtmlEncode(text.GetString()!) : throw new InvalidOperationException($"{Folder}{language}.json has no text {key}."));

    [GeneratedRegex(@"\{\{(?<key>[a-z0-9.-]+)\}\}")]
    private static partial Regex Placeholder();

    /// <param name="Languages">The name of each language in itself.</param>
    internal sealed record TextsOfPage(string Language, IReadOnlyDictionary<string, JsonElement> Languages, IReadOnlyDictionary<string, JsonElement> Texts);
}
