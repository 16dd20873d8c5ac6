using System.Text;
using System.Text.Json;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Documents;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Teaching;

/// <summary>`request/label`: the backend corrects what the device saw, and the device learns it.</summary>
static class LabelCommand
{
    public static RequestCommand Create(Teacher teacher) => new(
        "label", "Teaches what a slot of an earlier result showed: `{\"result\",\"slot\",\"label\"}`.", async (value, cancellationToken) =>
        {
            if (value is null)
                throw new RequestRefusedException("bad-value", "There is no value; {\"result\",\"slot\",\"label\"} is needed.");
            (string result, Lesson lesson) = TeachingBody.Correction(Encoding.UTF8.GetBytes(value), ExampleSources.Request);
            return JsonSerializer.SerializeToNode(LessonDocument.Of(await teacher.CorrectAsync(result, lesson, cancellationToken)), TeachingJson.Wire.LessonDocument);
        })
    {
        TakesValue = true,
    };
}
