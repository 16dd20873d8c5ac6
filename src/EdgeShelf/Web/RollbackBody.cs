using System.Text.Json;
using EdgeShelf.Recognition.Plan;

namespace EdgeShelf.Web;

/// <summary>The body of a rollback: nothing, or an object with the number of the version.</summary>
static class RollbackBody
{
    /// <param name="field">The name of the number.</param>
    /// <returns>The number, or null for the version before.</returns>
    /// <exception cref="PlanProblemsException">The body has another form.</exception>
    public static int? Parse(byte[] body, string code, string field) => body.Length == 0 ? null : DocumentFields.Read<int?>(body, code, root =>
    {
        List<string> problems = [];
        DocumentFields fields = new(root, "", problems, field);
        int? number = root.ValueKind == JsonValueKind.Object ? fields.Integer(field, 1, int.MaxValue) : null;
        return problems.Count == 0 ? number : throw new PlanProblemsException(code, problems);
    });
}
