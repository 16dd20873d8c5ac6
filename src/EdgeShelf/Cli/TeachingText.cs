using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeShelf.Platform;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Documents;

namespace EdgeShelf.Cli;

/// <summary>Prints what came of teaching, for people or for scripts.</summary>
static class TeachingText
{
    public static void Write(ParseResult parsed, LessonResult result, bool json)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(LessonDocument.Of(result), TeachingJson.Wire.LessonDocument));
            return;
        }
        foreach (NotTaught one in result.NotTaught)
            parsed.InvocationConfiguration.Error.WriteLine($"{PlainText.Shown(one.Name, 4096)}: {one.Reason}");
        if (result.Change.Dropped.Count > 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Change.Dropped.Count} examples that showed nothing new were dropped to keep the bounds."));
        WriteEffect(output, result.Effect);
        output.WriteLine(result.Change.Step is { } step ? step.Summary : "Nothing was changed: all of it was known.");
    }

    public static void Write(ParseResult parsed, ProductChange change, bool json)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(LessonDocument.Of(change), TeachingJson.Wire.LessonDocument));
            return;
        }
        WriteEffect(output, change.Effect);
        output.WriteLine(change.Change.Step is { } step ? step.Summary : "Nothing was changed.");
    }

    static void WriteEffect(TextWriter output, TeachingEffect effect)
    {
        if (effect.Judged > 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Of {effect.Judged} examples that were taught before, {effect.RightBefore} were recognized by the others and {effect.RightAfter} are now."));
    }
}
