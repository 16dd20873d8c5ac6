using Microsoft.Extensions.Logging;

namespace EdgeShelf.Teaching;

static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The examples are damaged and are now kept as {Name}. The products must be taught again, or imported with `edgeshelf product import`.")]
    public static partial void ExamplesDamaged(this ILogger log, Exception damage, string name);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem} {Hint}")]
    public static partial void ExamplesUnavailable(this ILogger log, string problem, string hint);

    [LoggerMessage(Level = LogLevel.Information, Message = "Another model is in use: the descriptors of {Count} examples are made anew. Slots are not compared with them until all are made.")]
    public static partial void DescriptorsBegun(this ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "The descriptors of all examples are made.")]
    public static partial void DescriptorsMade(this ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "A training on {Count} examples has begun.")]
    public static partial void TrainingStarted(this ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "The training has ended: {State}. {Problem}")]
    public static partial void TrainingEnded(this ILogger log, string state, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The crop of example {Id} of {Label} cannot be read and is not compared: {Problem}")]
    public static partial void CropUnreadable(this ILogger log, long id, string label, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The review queue is damaged and is now kept as {Name}. What waited is asked again when the camera sees it again.")]
    public static partial void ReviewDamaged(this ILogger log, Exception damage, string name);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem} {Hint}")]
    public static partial void ReviewUnavailable(this ILogger log, string problem, string hint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What result {Result} showed cannot be kept for a review: {Problem}")]
    public static partial void CandidateUnreadable(this ILogger log, string result, string problem);
}
