using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using EdgeShelf.Configuration;

namespace EdgeShelf.Tests.Support;

/// <summary>Makes the manual page edgeshelf.json(5) from the options classes and the table of settings in systemd/README.md, as man(7) source.</summary>
static partial class SettingsManual
{
    static readonly CompositeFormat Page = CompositeFormat.Parse("""
        .\" Made from the options and from the table of settings in systemd/README.md. SettingsManualTests makes it anew.
        .TH EDGESHELF.JSON 5 "@DATE@" "EdgeShelf @VERSION@" "File formats"
        .SH NAME
        edgeshelf.json \- settings of EdgeShelf
        .SH SYNOPSIS
        .I /etc/edgeshelf/edgeshelf.json
        .SH DESCRIPTION
        The file is one JSON object whose members are sections.
        A setting is written here as
        .IR Section : Key ;
        in the file,
        .B Capture:Interval
        is the member
        .B Interval
        of the object
        .BR Capture .
        Comments and a comma after the last member are allowed.
        A key that is not listed here is an error, so that a typing mistake is not taken for a default.
        .PP
        A time is a text of a number and a unit, such as
        .BR 200ms ", " 90s ", " 10m ", " 2h " or " 7d ,
        or of the form
        .IR hours : minutes : seconds ;
        the number 0 needs no unit.
        .PP
        Later places override earlier ones: the defaults, this file, the settings of a chain of shops, the environment
        .RB ( EDGESHELF__Capture__Interval=10s ),
        and the command line
        .RB ( "\-\-set Capture:Interval=10s" ).
        .PP
        The service reads the file when it starts.
        .B edgeshelf config validate
        checks it,
        .B edgeshelf config show
        prints what is in force, and
        .B systemctl restart edgeshelf
        applies it.
        {0}.SH FILES
        .TP
        .I /usr/share/edgeshelf/edgeshelf.schema.json
        The JSON Schema of the file, for editors.
        .TP
        .I /etc/edgeshelf/mqtt\-password
        The broker's password, on one line. Passwords are never settings.
        .SH EXAMPLES
        .EX
        {{
          "Capture": {{ "Camera": "auto", "Interval": "90s" }},
          "Publish": {{ "Broker": "mqtts://store\-backend", "Device": "shelf\-07" }}
        }}
        .EE
        .SH SEE ALSO
        .BR edgeshelf (1)

        """);

    public static string Create()
    {
        Dictionary<string, SettingDescription> descriptions = SettingDescriptions.Read();
        StringBuilder settings = new();
        foreach (IGrouping<string, Setting> section in Setting.All.GroupBy(setting => setting.Key.Split(':')[0]))
        {
            settings.Append(CultureInfo.InvariantCulture, $".SH {section.Key.ToUpperInvariant()} SETTINGS\n");
            foreach (Setting setting in section)
            {
                SettingDescription description = descriptions[setting.Key];
                settings.Append(CultureInfo.InvariantCulture, $".TP\n.BR {setting.Key} \" (\" \"{Kind(setting)}\" )\n{Text(description.What)}\n");
                if (description.Default.Length > 0)
                    settings.Append(CultureInfo.InvariantCulture, $"Default: {Text(description.Default)}.\n");
            }
        }
        return string.Format(CultureInfo.InvariantCulture, Page, settings);
    }

    static string Kind(Setting setting) => setting switch
    {
        { IsList: true } => "list of texts",
        { Type: { } type } when type == typeof(TimeSpan) => "time",
        { Type: { } type } when type == typeof(bool) => "true or false",
        { Values.Count: > 0 } => "one word",
        _ when Type.GetTypeCode(setting.Type) is TypeCode.Int32 or TypeCode.Int64 => "integer",
        _ when Type.GetTypeCode(setting.Type) is TypeCode.Single or TypeCode.Double => "number",
        { Type: { } type } when type == typeof(string) => "text",
        _ => throw new InvalidOperationException($"{setting.Key} has the type {setting.Type}, for which the manual has no word yet."),
    };

    /// <summary>Markdown as the text of man(7): code is bold, of a link the text stays, and what troff would take for itself is escaped.</summary>
    static string Text(string markdown)
    {
        string text = Link().Replace(markdown, "${text}").Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        text = Code().Replace(text, "\\fB${code}\\fR");
        return text[0] is '.' or '\'' ? "\\&" + text : text;
    }

    [GeneratedRegex(@"\[(?<text>[^\]]+)\]\([^)]+\)")]
    private static partial Regex Link();

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex Code();
}
