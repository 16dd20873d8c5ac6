using EdgeShelf.Shelf;
using Microsoft.Extensions.Logging;

namespace EdgeShelf;

static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "EdgeShelf {Version} with {Model} on {Threads} threads and the camera {Camera}")]
    public static partial void Started(this ILogger log, string version, ModelInfo model, int threads, string camera);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The service does not start: {Problem} {Hint}")]
    public static partial void NotStarted(this ILogger log, string problem, string hint);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} temporary files of an earlier run were deleted")]
    public static partial void LeftoversRemoved(this ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "#{Seq} {Trigger} {Picture}: {Label} {Confidence:P0} ({Review}) in {Total:0} ms")]
    public static partial void Captured(this ILogger log, long seq, Trigger trigger, string picture, string label, double confidence, string review, double total);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No result ({Code}): {Problem} {Hint}")]
    public static partial void CaptureFailed(this ILogger log, string code, string problem, string hint);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Problem} {Hint} It is looked for at each picture that is due")]
    public static partial void NoCameraYet(this ILogger log, string problem, string hint);

    [LoggerMessage(Level = LogLevel.Error, Message = "No result ({Code}): {Problem}")]
    public static partial void CaptureFailedUnexpectedly(this ILogger log, Exception error, string code, string problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Still no result ({Code}): {Problem}")]
    public static partial void CaptureFailedAgain(this ILogger log, string code, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The camera {Camera} works again")]
    public static partial void CameraIsBack(this ILogger log, string camera);

    [LoggerMessage(Level = LogLevel.Information, Message = "The model {To} is in use instead of {From}")]
    public static partial void ModelChanged(this ILogger log, ModelInfo from, ModelInfo to);

    [LoggerMessage(Level = LogLevel.Error, Message = "The chosen model was refused and {InUse} is used instead: {Problem} {Hint}")]
    public static partial void ModelRefused(this ILogger log, ModelInfo inUse, string problem, string hint);

    [LoggerMessage(Level = LogLevel.Information, Message = "#{Seq} {Trigger} {Picture}: {Available} of {Expected} products in place, {Run} slots run, {View}, in {Total:0} ms")]
    public static partial void Looked(this ILogger log, long seq, Trigger trigger, string picture, int available, int expected, int run, BayView view, double total);

    [LoggerMessage(Level = LogLevel.Debug, Message = "#{Seq} early look: {Available} of {Expected} products in place, {Run} slots run, {View}, in {Total:0} ms")]
    public static partial void LookedAgain(this ILogger log, long seq, int available, int expected, int run, BayView view, double total);

    [LoggerMessage(Level = LogLevel.Information, Message = "Slot {Slot}: {From} to {To} (expected {Expected}, seen {Seen})")]
    public static partial void SlotChanged(this ILogger log, string slot, Verdict from, Verdict to, string expected, string seen);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The camera was moved ({Reason}); there are no verdicts until it is back or its new view is accepted on the page")]
    public static partial void CameraMoved(this ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The camera shows the bay as the slots were drawn; slots are judged again")]
    public static partial void CameraSettled(this ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "The bay has {Slots} slots (changed by {By})")]
    public static partial void SlotsChanged(this ILogger log, int slots, string by);

    [LoggerMessage(Level = LogLevel.Information, Message = "The planogram {Name} {Version} is in force (changed by {By})")]
    public static partial void PlanogramChanged(this ILogger log, string name, string version, string by);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
    public static partial void PlanProblem(this ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "A picture or its result cannot be shown; results are not affected")]
    public static partial void NotShown(this ILogger log, Exception problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The slots that changed cannot be cut out of the picture: {Problem}")]
    public static partial void EvidenceNotCut(this ILogger log, string problem);
}
