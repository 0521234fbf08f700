namespace Countersign.EndToEnd.Refusals;

/// <summary>The test brings about this refusal over a real connection. Countersign.Rules wants one for every id.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RefusesAttribute(string id) : Attribute
{
    public string Id => id;
}
