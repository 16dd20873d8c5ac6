using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Teaching.Review;

/// <summary>
/// Takes the answers of a person. What is named becomes an example, all of one request in one lesson, so that one step takes them back. The
/// lesson comes first and its answers second: a power cut between the two asks again, and the example is then known already.
/// </summary>
/// <param name="known">Returns the labels that the device knows, by examples or by its model.</param>
sealed class Reviewer(ReviewQueue queue, Teacher teacher, ExampleStore examples, Func<IReadOnlyCollection<string>> known)
{
    /// <summary>The maximum number of entries in one request; no queue is longer.</summary>
    public const int MaxIds = 1000;

    /// <exception cref="TeachingException">No entry could be answered. Nothing was changed.</exception>
    /// <exception cref="WorseException">Something would get worse, and it is not confirmed. Nothing was changed.</exception>
    public async Task<ReviewOutcome> AnswerAsync(ReviewRequest request, CancellationToken cancellationToken)
    {
        if (request.Ids.Count is 0 or > MaxIds)
            throw new TeachingException(TeachingException.BadRequest, $"{request.Ids.Count} ids are given; 1 to {MaxIds} are needed.", "See /api/review for what waits.");
        string? label = request.Label is null ? null : ProductText.Label(request.Label);
        List<NotAnswered> notAnswered = [];
        List<(ReviewEntry Entry, string? Label)> named = [.. Name(request, label, notAnswered)];
        if (named.Count == 0)
            throw Nothing(notAnswered);
        // Before the lesson, because after it the new product is known.
        HashSet<string> knew = [.. known()];
        List<NotAnswered> notExamples = [];
        LessonResult? lesson = await TeachAsync(request, named, notAnswered, notExamples, cancellationToken);
        HashSet<long> waits = [.. notAnswered.Select(one => one.Id)];
        ReviewAnswer[] answers = [.. named.Where(one => !waits.Contains(one.Entry.Id)).Select(one => new ReviewAnswer(one.Entry.Id, request.Answer, one.Label, IsRight(one.Entry, request.Answer, one.Label, knew)))];
        (long turn, IReadOnlyList<long> answered) = queue.Answer(answers, lesson?.Change.Step?.Seq);
        return new ReviewOutcome(turn, [.. answers.Where(answer => answered.Contains(answer.Id))], notAnswered, notExamples, lesson);
    }

    /// <summary>Takes the answers of a turn back, with what they taught.</summary>
    /// <exception cref="TeachingException">There are no such answers, or something was taught after them; nothing was changed.</exception>
    public void TakeBack(long turn)
    {
        if (queue.StepOf(turn) is { } step)
            examples.Undo(step);
        queue.TakeBack(turn);
    }

    /// <summary>
    /// Whether the device was right. Where it named something, it was right if that is what it is. Where it knew nothing, it was right if it is
    /// nothing that it could know: no product, or one that it learns with this answer.
    /// </summary>
    /// <param name="knew">The labels that the device knew before.</param>
    internal static bool? IsRight(ReviewEntry entry, string answer, string? label, IReadOnlySet<string> knew) => answer switch
    {
        ReviewAnswers.Skip => null,
        ReviewAnswers.NotAProduct => entry.Label is null,
        _ => entry.Label is null ? !knew.Contains(label!) : entry.Label == label,
    };

    IEnumerable<(ReviewEntry Entry, string? Label)> Name(ReviewRequest request, string? label, List<NotAnswered> notAnswered)
    {
        ReviewState now = queue.Now;
        foreach (long id in request.Ids.Distinct())
        {
            ReviewEntry? entry = now.Find(id);
            NotAnswered? problem = (entry, request.Answer) switch
            {
                (null, _) => new NotAnswered(id, NotAnswered.Gone, $"{id} does not wait any more."),
                ({ Label: null }, ReviewAnswers.Confirm) => new NotAnswered(id, NotAnswered.NothingSaid, $"The device named nothing in {entry.Slot}, so there is nothing to confirm. Say what it is, or that it is not a product."),
                ({ Expected: null }, ReviewAnswers.Correct) when label is null => new NotAnswered(id, NotTaught.NothingExpected, $"Nothing was expected in {entry.Slot}, so its product must be named."),
                _ => null,
            };
            if (problem is not null)
            {
                notAnswered.Add(problem);
                continue;
            }
            yield return (entry!, request.Answer switch
            {
                ReviewAnswers.Confirm => entry!.Label,
                ReviewAnswers.Correct => label ?? entry!.Expected,
                ReviewAnswers.Empty => Planogram.EmptyLabel,
                _ => null,
            });
        }
    }

    /// <summary>
    /// Teaches what is named. A whole picture is not taught: examples are compared with slots, and a picture of a whole shelf is none. Its crop
    /// stays beside the answer, for `edgeshelf review export`.
    /// </summary>
    async Task<LessonResult?> TeachAsync(
        ReviewRequest request, List<(ReviewEntry Entry, string? Label)> named, List<NotAnswered> notAnswered, List<NotAnswered> notExamples, CancellationToken cancellationToken)
    {
        List<Crop> crops = [];
        foreach ((ReviewEntry entry, string? label) in named)
        {
            if (label is not null && entry.Slot != ReviewCandidates.WholePicture && queue.Crop(entry.Id) is { } jpeg)
                crops.Add(new Crop(label, entry.Slot, NameOf(entry), entry.At, jpeg, entry.Descriptor?.ToValues()) { Model = entry.Model });
        }
        if (crops.Count == 0)
            return null;
        HashSet<string> corrected = [.. named.Where(one => one.Entry.Expected is { } expected && expected != one.Label).Select(one => one.Entry.Slot)];
        IReadOnlyList<NotTaught> notTaught;
        LessonResult? lesson = null;
        try
        {
            lesson = await teacher.TeachCropsAsync(
                StepKinds.Add, crops, request.Product is { } product ? [product] : [], new Lesson(request.Source) { Confirm = request.Confirm, Move = request.Move }, [], corrected,
                isPreview: false, cancellationToken);
            notTaught = lesson.NotTaught;
        }
        catch (TeachingException problem) when (problem.NotTaught.Count > 0 && problem.NotTaught.Any(one => one.Code != NotTaught.OtherLabel))
        {
            // None of the crops is an example. What a person said of them is an answer all the same.
            notTaught = problem.NotTaught;
        }
        Dictionary<string, ReviewEntry> entries = named.ToDictionary(one => NameOf(one.Entry), one => one.Entry);
        foreach (NotTaught one in notTaught)
        {
            // An example that shows the same under another label must be moved or removed first; everything else is answered.
            List<NotAnswered> list = one.Code == NotTaught.OtherLabel ? notAnswered : notExamples;
            list.Add(new NotAnswered(entries[one.Name].Id, one.Code, one.Reason, one.ExampleLabel));
        }
        return lesson;
    }

    /// <summary>The name of a crop in a lesson. Two crops may be of one slot, so it is the id.</summary>
    static string NameOf(ReviewEntry entry) => entry.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    static TeachingException Nothing(List<NotAnswered> notAnswered)
    {
        string reasons = string.Join(" ", notAnswered.Take(3).Select(one => one.Reason));
        return new TeachingException(
            notAnswered.All(one => one.Code == NotAnswered.Gone) ? TeachingException.NotFound : TeachingException.NothingTaught,
            reasons + (notAnswered.Count > 3 ? $" And {notAnswered.Count - 3} more." : ""), "Nothing was changed. See /api/review for what waits.");
    }
}
