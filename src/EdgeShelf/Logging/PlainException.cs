using System.Globalization;
using System.Text;
using EdgeShelf.Platform;

namespace EdgeShelf.Logging;

/// <summary>Represents an exception in the log. Its text has the same form, but each message is plain text on a single line.</summary>
sealed class PlainException(Exception original) : Exception(PlainText.Shown(original.Message, PlainEvents.MaxLength))
{
    public override string ToString()
    {
        StringBuilder text = new();
        Write(text, original);
        return text.ToString();
    }

    static void Write(StringBuilder text, Exception problem)
    {
        text.Append(CultureInfo.InvariantCulture, $"{problem.GetType()}: {PlainText.Shown(problem.Message, PlainEvents.MaxLength)}");
        IReadOnlyCollection<Exception> inner = problem is AggregateException several ? several.InnerExceptions : problem.InnerException is { } one ? [one] : [];
        foreach (Exception cause in inner)
        {
            text.AppendLine().Append(" ---> ");
            Write(text, cause);
            text.AppendLine().Append("   --- End of inner exception stack trace ---");
        }
        if (problem.StackTrace is { } trace)
            text.AppendLine().Append(trace);
    }
}
